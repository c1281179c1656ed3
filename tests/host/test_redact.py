import base64

from host.fks_deploy.redact import Redactor


def test_a_value_is_masked_in_every_encoding() -> None:
    redact = Redactor(['p"a+s/s w'])
    encoded = [
        'p"a+s/s w',
        "p%22a%2Bs%2Fs%20w",
        "p%22a%2Bs/s%20w",
        "p%22a%2Bs%2Fs+w",
        'p\\"a+s/s w',
    ]
    encoded.append(base64.b64encode(b'p"a+s/s w').decode())
    for form in encoded:
        assert redact(f"x{form}y") == "x***y"


def test_a_value_that_contains_another_is_masked_completely() -> None:
    redact = Redactor(["pass", "postgres://u:pass@h/db"])
    assert redact("postgres://u:pass@h/db pass") == "*** ***"


def test_each_line_of_a_long_value_is_masked() -> None:
    assert Redactor(["first\nsecond\n"])("-second-") == "-***-"


def test_nothing_is_masked_without_values() -> None:
    assert Redactor(["", ""])("a b") == "a b"
