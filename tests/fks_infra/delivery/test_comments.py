"""One comment per name, edited in place, whatever GitHub answers in between."""

import pytest

from fks_infra.clouds.http import RejectedError, UnavailableError
from fks_infra.clouds.retry import RetryPolicy
from fks_infra.delivery.comments import check_head, upsert
from tests.github_stand_in import BOT, Fault, GitHubStandIn


def bodies(github: GitHubStandIn) -> list[str]:
    return [row["body"] for row in github.comments]


def test_the_first_text_creates_the_comment_and_the_next_edits_it(github: GitHubStandIn) -> None:
    url = upsert(github.client(), 7, "preview", "one")
    assert upsert(github.client(), 7, "preview", "two") == url
    assert bodies(github) == ["<!-- fks:preview -->\ntwo"]


def test_each_name_and_each_pull_request_has_its_own(github: GitHubStandIn) -> None:
    for number, name in ((7, "preview"), (7, "other"), (8, "preview")):
        upsert(github.client(), number, name, "text")
    assert len(github.comments) == 3


def test_a_persons_comment_with_the_marker_is_left_alone(github: GitHubStandIn) -> None:
    person = {"id": 9, "on": 7, "user": {"type": "User"}, "body": "<!-- fks:preview -->\nmine"}
    github.comments.append(person)
    upsert(github.client(), 7, "preview", "text")
    assert bodies(github)[0] == "<!-- fks:preview -->\nmine"
    assert len(github.comments) == 2


def test_the_comment_is_found_on_a_later_page(github: GitHubStandIn) -> None:
    github.comments = [
        {"id": number, "number": number, "on": 7, "user": BOT, "body": "", "html_url": "u"}
        for number in range(1, 131)
    ]
    github.comments[-1]["body"] = "<!-- fks:preview -->\nold"
    upsert(github.client(), 7, "preview", "new")
    assert bodies(github)[-1] == "<!-- fks:preview -->\nnew"
    assert len(github.comments) == 130


def test_a_comment_that_was_stored_with_an_error_is_not_posted_twice(
    github: GitHubStandIn, retries: RetryPolicy
) -> None:
    github.faults.append(Fault("POST", 502, stored=True))
    upsert(github.client(), 7, "preview", "text", retries)
    assert bodies(github) == ["<!-- fks:preview -->\ntext"]
    assert [method for method, _ in github.writes()] == ["POST", "PATCH"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_temporary_error_is_retried(
    github: GitHubStandIn, retries: RetryPolicy, method: str
) -> None:
    github.faults += [Fault(method, 503), Fault(method, 500)]
    upsert(github.client(), 7, "preview", "text", retries)
    assert len(github.comments) == 1


@pytest.mark.parametrize("status", [403, 404, 410, 422])
def test_a_rejection_posts_nothing(
    github: GitHubStandIn, retries: RetryPolicy, status: int
) -> None:
    github.faults.append(Fault("POST", status))
    with pytest.raises(RejectedError, match=f"answered {status}"):
        upsert(github.client(), 7, "preview", "text", retries)
    assert github.comments == []
    assert len(github.writes()) == 1


def test_a_rate_limit_ends_the_attempt(github: GitHubStandIn, retries: RetryPolicy) -> None:
    github.faults.append(Fault("POST", 403, {"Retry-After": "60"}))
    with pytest.raises(RejectedError, match="run the job again in 60 s"):
        upsert(github.client(), 7, "preview", "text", retries)
    assert github.comments == []


def test_a_lasting_failure_posts_nothing(
    github: GitHubStandIn, single_attempt: RetryPolicy
) -> None:
    github.faults.append(Fault("GET", 500))
    with pytest.raises(UnavailableError):
        upsert(github.client(), 7, "preview", "text", single_attempt)
    assert github.writes() == []


def test_a_number_of_another_pull_request_is_rejected(github: GitHubStandIn) -> None:
    github.pulls.append({"number": 7, "head": {"sha": "b" * 40}})
    check_head(github.client(), 7, "b" * 40)
    with pytest.raises(RejectedError, match=r"Pull request 7 is at b+, and the run was of c+"):
        check_head(github.client(), 7, "c" * 40)
