"""A stack's outputs as rows."""

from rehearsal.world.inventory import server_rows

OUTPUTS = {
    "urls": {"api": "https://api.example.org", "web": "https://example.org"},
    "healthUrls": {"api": "https://api.example.org/health", "web": "https://example.org/health"},
    "monthlyCost": {"servers": {"single": "48.00"}},
    "inventory": {
        "servers": {
            "single": {
                "plan": "g6-standard-4",
                "roles": ["api", "web"],
                "serves": False,
                "publicAddress": "198.51.100.20",
                "address": "100.64.0.3",
                "names": ["api.example.org", "example.org"],
            }
        }
    },
}


def test_a_server_has_the_urls_of_its_roles() -> None:
    (row,) = server_rows(OUTPUTS)
    assert row["urls"] == ["https://api.example.org", "https://example.org"]
    assert row["health_urls"] == [
        "https://api.example.org/health/deep",
        "https://example.org/health/deep",
    ]
    assert (row["public_ip"], row["tailnet_ip"]) == ("198.51.100.20", "100.64.0.3")
    assert (row["monthly_cost"], row["serves"]) == (48.0, False)
