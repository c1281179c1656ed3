"""The files by which the registry's nginx knows the logins."""

from rehearsal.world.registry_logins import login_files


def test_each_login_is_a_file_of_its_host() -> None:
    found = login_files({"ghcr.io": [("reader", "one"), ("reader", "two")], "docker.io": []})
    assert list(found) == [
        "logins-new/hosts",
        "logins-new/ghcr.io/logins",
        "logins-new/ghcr.io/cmVhZGVyOm9uZQ==.login",
        "logins-new/ghcr.io/cmVhZGVyOnR3bw==.login",
        "logins-new/docker.io/logins",
    ]


def test_without_logins_no_host_has_a_directory() -> None:
    assert list(login_files({})) == ["logins-new/hosts"]
