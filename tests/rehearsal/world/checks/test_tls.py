"""The names of each role."""

from rehearsal.world.checks.tls import hosts_by_role

ROWS = [
    {"roles": ["api"], "urls": ["https://api.example.org"], "names": ["api.example.org"]},
    {
        "roles": ["web"],
        "urls": ["https://example.org"],
        "names": ["example.org", "www.example.org"],
    },
]


def test_extra_names_belong_to_the_web_server() -> None:
    assert hosts_by_role(ROWS) == {
        "api": ["api.example.org"],
        "web": ["example.org", "www.example.org"],
    }
