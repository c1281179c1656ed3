"""Whether a run with losses may go on."""

from collections.abc import Sequence
from typing import Any

from fks_infra.preflight.data_loss import Found, Verdict, verdict
from fks_infra.preflight.losses import Loss
from fks_infra.remote.certificates import Certificate

API = Loss(server="api", cause="fks:region a -> b moves", sets=("api",))
SINGLE = Loss(server="single", cause="fks:generation.single 0 -> 1 rebuilds", sets=("auth", "api"))
SWITCH = Loss(server="single", cause="fks:mode multi deletes", sets=("api",), successor="multi")
YOUNG = Certificate(age=60.0)


def judge(
    *found: Loss, accepted: Sequence[str] = (), preview: bool = False, **answers: Any
) -> Verdict:
    """`answers` are the certificates by server."""

    def read(names: Sequence[str]) -> Found:
        assert set(names) == set(answers)
        return {name: answers[name] for name in names}

    return verdict(found, accepted, read, is_preview=preview)


def test_a_run_without_losses_reads_nothing_and_says_nothing() -> None:
    assert judge() == Verdict()


def test_a_young_certificate_of_each_data_set_is_enough() -> None:
    old = Certificate(age=7200.0)
    found = judge(SINGLE, single={"api": YOUNG, "auth": old})
    assert found.errors == ()
    assert found.warnings == (f"{SINGLE} single has a proved backup 2 h old.",)


def test_a_data_set_without_a_certificate_refuses_the_run() -> None:
    (error,) = judge(SINGLE, single={"api": YOUNG}).errors
    assert "(auth: no proved backup; api: proved backup 1 min old)" in error
    assert "Nothing was changed. Run fks backup all and then the same command. Or add" in error


def test_a_server_with_two_losses_is_asked_once() -> None:
    both = (API, Loss(server="api", cause="fks:plan.api x -> y shrinks", sets=("api",)))
    assert len(judge(*both, api={"api": YOUNG}).warnings) == 2


def test_a_preview_that_reaches_no_server_warns_and_the_run_is_refused() -> None:
    answer = OSError("no answer within 5 s")
    found = judge(API, preview=True, api=answer)
    assert found.errors == ()
    assert found.warnings[0].endswith(
        "cannot be checked here: no answer within 5 s. pulumi up is refused where it cannot be "
        "checked."
    )
    (error,) = judge(API, api=answer).errors
    assert "Run it where fks status reaches the server. Or add api to fks:acceptDataLoss" in error


def test_a_preview_that_knows_a_bad_certificate_is_refused() -> None:
    bad = {"api": Certificate(age=1.0, bad="empty table")}
    (error,) = judge(API, preview=True, api=bad).errors
    assert "(api: newest backup bad: empty table)" in error


def test_accepted_losses_are_warnings_and_no_server_is_asked() -> None:
    found = judge(API, SWITCH, accepted=["single", "api"])
    assert found.errors == ()
    assert found.warnings[0].startswith(
        "fks:acceptDataLoss is set: pulumi up may destroy the data of single, api without"
    )
    assert found.warnings[1:] == tuple(
        f"{one} fks:acceptDataLoss allows it." for one in (API, SWITCH)
    )


def test_the_setting_is_a_warning_as_long_as_it_is_set() -> None:
    assert len(judge(accepted=["api"]).warnings) == 1


def test_a_change_of_the_mode_is_refused_whatever_is_proved() -> None:
    (error,) = judge(SWITCH).errors
    assert "Run fks migrate single-to-multi, which moves the data first. Or add single" in error
