"""One issue shows drift: opened once, updated, closed; an unknown outcome changes nothing."""

import json

import pytest

from fks_infra.clouds.http import RejectedError
from fks_infra.clouds.retry import RetryPolicy
from fks_infra.delivery.drift import EXIT_CODES, Outcome, is_busy, report
from tests.github_stand_in import Fault, GitHubStandIn


def reported(github: GitHubStandIn, outcome: Outcome, text: str = "text") -> str:
    return report(github.client(), outcome, text, "2026-11-26")


def test_drift_opens_one_issue_and_updates_it(github: GitHubStandIn) -> None:
    url = reported(github, Outcome.DRIFT, "one")
    assert reported(github, Outcome.DRIFT, "two") == url
    assert [row["body"] for row in github.issues] == ["<!-- fks:drift -->\ntwo"]


def test_no_drift_closes_it_with_the_date(github: GitHubStandIn) -> None:
    reported(github, Outcome.DRIFT)
    reported(github, Outcome.SAME)
    assert github.issues[0]["state"] == "closed"
    assert "The preview of 2026-11-26 found no difference any more" in github.issues[0]["body"]


def test_drift_after_that_opens_another(github: GitHubStandIn) -> None:
    for outcome in (Outcome.DRIFT, Outcome.SAME, Outcome.DRIFT):
        reported(github, outcome)
    assert [row["state"] for row in github.issues] == ["closed", "open"]


def test_no_drift_and_no_issue_change_nothing(github: GitHubStandIn) -> None:
    assert reported(github, Outcome.SAME) == ""
    assert github.writes() == []


def test_unknown_neither_opens_nor_closes(github: GitHubStandIn) -> None:
    assert reported(github, Outcome.UNKNOWN) == ""
    assert github.requests == []


def test_a_pull_request_and_a_persons_issue_are_left_alone(github: GitHubStandIn) -> None:
    body = "<!-- fks:drift -->\n"
    person = {"number": 1, "state": "open", "user": {"type": "User"}, "body": body}
    pull = {"number": 2, "state": "open", "user": {"type": "Bot"}, "body": body, "pull_request": {}}
    github.issues += [person, pull]
    reported(github, Outcome.SAME)
    assert github.writes() == []


def test_an_issue_that_was_stored_with_an_error_is_not_opened_twice(
    github: GitHubStandIn, retries: RetryPolicy
) -> None:
    github.faults.append(Fault("POST", 500, stored=True))
    report(github.client(), Outcome.DRIFT, "text", "2026-11-26", retries)
    assert len(github.issues) == 1


def test_issues_that_are_turned_off_are_named(github: GitHubStandIn) -> None:
    github.faults.append(Fault("POST", 410, {}, {"message": "Issues are disabled for this repo"}))
    with pytest.raises(RejectedError, match=r"Issues are disabled for this repo\. Turn"):
        reported(github, Outcome.DRIFT)


def test_each_outcome_has_its_exit_code() -> None:
    assert EXIT_CODES == {Outcome.SAME: 0, Outcome.DRIFT: 1, Outcome.UNKNOWN: 2}


def state(time: str, *pending: str) -> str:
    return json.dumps({"deployment": {"manifest": {"time": time}, "pending_operations": pending}})


@pytest.mark.parametrize(
    ("before", "after", "busy"),
    [
        (state("1"), state("1"), False),
        ("{}", "{}", False),
        (state("1"), state("2"), True),
        (state("1", "creating"), state("1", "creating"), True),
        (state("1"), state("1", "creating"), True),
    ],
)
def test_an_update_in_progress_is_seen_in_the_state(before: str, after: str, busy: bool) -> None:
    assert is_busy(before, after) is busy
