from fks_infra.preflight.rotations import rotation_errors
from fks_infra.preflight.state import StateSnapshot

NAME = "secrets-jwt-secret"


def errors(wanted: int, present: int | None, *, protected: bool = True) -> list[str]:
    """The errors for one secret, whose trigger in the state is `present`."""
    state = StateSnapshot(
        triggers={NAME: present}, protected_names=frozenset({NAME} if protected else ())
    )
    return list(rotation_errors({"jwt-secret": wanted} if wanted else {}, state))


def test_equal_numbers_are_right() -> None:
    assert errors(0, None) == errors(0, 0) == errors(2, 2) == []


def test_a_secret_that_does_not_exist_yet_may_have_any_number() -> None:
    assert list(rotation_errors({"jwt-secret": 3}, StateSnapshot())) == []


def test_a_higher_number_needs_fks_rotate_which_ends_the_protection() -> None:
    (error,) = errors(2, 1)
    assert "fks:rotation.jwt-secret is 2, which replaces a secret that is in service" in error
    assert "Set it back to 1 and run fks rotate jwt" in error
    assert errors(2, 1, protected=False) == []


def test_a_lower_number_is_an_error_also_without_protection() -> None:
    (error,) = errors(0, 2, protected=False)
    assert "is not set, and the stack has rotation 2" in error
    assert "pulumi config set --path fks:rotation.jwt-secret 2" in error
    (error,) = errors(1, 2)
    assert "is 1, and the stack has rotation 2" in error


def test_the_trigger_of_an_earlier_program_is_taken_for_zero() -> None:
    (error,) = errors(1, None)
    assert "Set it back to nothing" in error


def test_the_key_of_a_bucket_follows_its_number() -> None:
    state = StateSnapshot(triggers={"backup-key": 2})
    assert list(rotation_errors({"backup-key": 3}, state)) == []
    (error,) = rotation_errors({}, state)
    assert "pulumi config set --path fks:rotation.backup-key 2" in error
