import json

import pytest

from fks_infra.operate.reports import Reports
from fks_infra.operate.state import Remark, State
from tests.fks_infra.operate.reports import DISK, GONE, healthy
from tests.fks_infra.operate.stack_hosts import STOP

WEB, AUTH = healthy("web"), healthy("auth")
ILL = healthy("api", problems=[DISK, {**DISK, "since": None}])
STOPPED = healthy("api", stopped={"api": STOP})


@pytest.mark.parametrize(
    ("reports", "verdict", "code"),
    [
        ({"web": WEB}, "web is healthy", 0),
        ({"auth": AUTH, "web": WEB}, "all 2 servers are healthy", 0),
        ({"api": STOPPED, "web": WEB}, "stopped: api; web is healthy", 0),
        ({"api": STOPPED, "web": GONE}, "web: not reached", 1),
        ({"api": ILL, "web": WEB}, "api: 2 problems", 1),
        ({"api": healthy("api", problems=[DISK])}, "api: 1 problem", 1),
        ({"api": {**ILL, "deploy": {"who": "ops"}}}, "api: 2 problems (a deploy runs)", 1),
        ({"auth": GONE, "api": ILL, "web": WEB}, "auth: not reached; api: 2 problems", 1),
        ({"auth": GONE, "api": GONE}, "cannot tell: no server was reached (auth, api)", 2),
    ],
)
def test_the_verdict_and_the_exit_code(reports: Reports, verdict: str, code: int) -> None:
    state = State.of("prod", reports)
    assert (state.verdict, state.exit_code) == (verdict, code)


def test_each_problem_has_server_command_and_start() -> None:
    state = State.of("prod", {"auth": GONE, "api": ILL})
    assert state.problems[0] == Remark(server="auth", text=GONE.reason, command=GONE.command)
    assert state.problems[1] == Remark(
        server="api", text=DISK["text"], command=DISK["command"], since=DISK["since"]
    )
    assert state.problems[2].since == ""


@pytest.mark.parametrize(
    ("roles", "stopped", "command"),
    [
        (["api"], ["api"], "fks start --api"),
        (["auth", "api", "web"], ["auth", "api"], "fks start --auth --api"),
        (["auth", "api", "web"], ["auth", "api", "web"], "fks start"),
    ],
)
def test_stopped_stacks_are_a_warning_with_who_and_why(
    roles: list[str], stopped: list[str], command: str
) -> None:
    report = healthy("api", roles=roles, stopped=dict.fromkeys(stopped, STOP))
    (warning,) = State.of("prod", {"api": report}).warnings
    assert warning.text.startswith(f"{', '.join(stopped)} ")
    assert warning.text.endswith(" stopped since 2026-11-27T10:00:00Z by ann@laptop (new disk)")
    assert warning.command == command


def test_the_time_is_that_of_the_newest_report() -> None:
    later = {**WEB, "time": "2026-11-27T10:00:02Z"}
    assert State.of("prod", {"auth": AUTH, "web": later}).time == "2026-11-27T10:00:02Z"
    assert State.of("prod", {"auth": GONE}).time == ""


def test_alerts_that_do_not_arrive_and_a_watch_that_is_late_are_problems() -> None:
    watch = {**WEB["watch"], "delivery_error": "status 404", "age": 700}
    state = State.of("prod", {"web": {**WEB, "watch": watch}})
    assert [one.text for one in state.problems] == [
        "was last checked 700 s ago: nobody is alerted",
        "the last alert was not sent: status 404",
    ]


def test_what_the_watch_reports_is_not_listed_twice() -> None:
    watch = {**WEB["watch"], "problems": [DISK["text"]]}
    state = State.of("prod", {"web": {**WEB, "watch": watch, "problems": [DISK]}})
    assert [one.text for one in state.problems] == [DISK["text"]]


def test_a_lock_and_maintenance_are_warnings_with_the_command_that_ends_them() -> None:
    lock = {"who": "ann", "since": "T", "reason": "a restore"}
    mode = {"who": "bob", "since": "T", "message": "Back at ten."}
    state = State.of("prod", {"web": healthy("web", lock=lock, maintenance=mode)})
    assert state.exit_code == 0
    assert [(one.text, one.command) for one in state.warnings] == [
        ("the stack is locked, no deploy is accepted, by ann: a restore", "fks unlock"),
        ("maintenance is on, by bob: Back at ten.", "fks maintenance off"),
    ]


def test_warnings_leave_the_exit_code_at_0() -> None:
    watch = {**WEB["watch"], "webhook": False}
    failed = {
        "time": "2026-11-27T09:00:00Z",
        "who": "ops",
        "result": "failed",
        "error": "no space\nmore",
    }
    report = {**WEB, "watch": watch, "reboot": ["libc6"], "last_deploy": failed}
    state = State.of("prod", {"web": report})
    assert [one.text for one in state.warnings] == [
        "the last deploy, by ops, failed: no space",
        "fks:alertWebhook is not set: nobody is alerted",
        "a reboot is pending: libc6",
    ]
    assert (state.exit_code, state.verdict) == (0, "web is healthy")


def test_parts_that_were_not_read_are_left_out() -> None:
    report = {**WEB, "watch": None, "reboot": None}
    assert State.of("prod", {"web": report}).warnings == ()


def test_the_document() -> None:
    state = State.of("prod", {"auth": GONE, "api": ILL, "web": WEB})
    document = json.loads(json.dumps(state.document()))
    assert list(document) == ["stack", "verdict", "exit_code", "problems", "warnings", "servers"]
    assert (document["stack"], document["exit_code"]) == ("prod", 1)
    assert document["verdict"] == state.verdict
    assert document["problems"][1] == {
        "server": "api",
        "text": DISK["text"],
        "command": DISK["command"],
        "since": DISK["since"],
    }
    assert document["servers"]["auth"] == {"reason": GONE.reason, "command": GONE.command}
    assert document["servers"]["web"] == WEB
