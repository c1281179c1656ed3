from host.fks_deploy import env_file


def test_lines_are_parsed_as_compose_parses_them() -> None:
    text = "# comment\n\nA=1\nB = two parts \nURL=a=b\nEMPTY=\n"
    assert env_file.parse(text) == {"A": "1", "B": "two parts", "URL": "a=b", "EMPTY": ""}
