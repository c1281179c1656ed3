"""The verifier of a password, against the example of RFC 7677."""

from base64 import b64decode

from host.fks_deploy.rotation.scram import verifier

SALT = "W22ZaJ0SNY7soEsUEjb6gQ=="


def test_the_verifier_is_that_of_the_rfc() -> None:
    assert verifier("pencil", b64decode(SALT)) == (
        f"SCRAM-SHA-256$4096:{SALT}"
        "$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY="
        ":wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
    )


def test_each_verifier_has_a_salt_of_its_own() -> None:
    assert verifier("pencil") != verifier("pencil")
