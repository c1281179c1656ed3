"""GitHub's errors as one sentence with a remedy; lists of several pages."""

from collections.abc import Iterator

import pytest

from fks_infra.clouds.github import GitHub
from fks_infra.clouds.http import CloudError, RejectedError, UnavailableError
from tests.github_stand_in import BOT, REPOSITORY, TOKEN, Fault, GitHubStandIn, serving


@pytest.fixture
def github() -> Iterator[GitHubStandIn]:
    with serving() as stand_in:
        yield stand_in


def failure(github: GitHubStandIn, fault: Fault) -> CloudError:
    github.faults.append(fault)
    with pytest.raises(CloudError) as raised:
        github.client().call("GET", "/issues/1/comments?per_page=1&page=1")
    assert TOKEN not in str(raised.value)
    return raised.value


def test_all_pages_of_a_list_are_read(github: GitHubStandIn) -> None:
    github.comments = [{"on": 7, "body": str(number), "user": BOT} for number in range(250)]
    rows = list(github.client().pages("/issues/7/comments"))
    assert [row["body"] for row in rows] == [str(number) for number in range(250)]
    assert len(github.requests) == 3


def test_a_token_without_rights_gets_the_missing_permission(github: GitHubStandIn) -> None:
    rights = {"X-Accepted-GitHub-Permissions": "issues=write; pull_requests=write"}
    body = {"message": "Resource not accessible by integration"}
    error = failure(github, Fault("GET", 403, rights, body))
    assert isinstance(error, RejectedError)
    assert "answered 403: Resource not accessible by integration" in str(error)
    assert "the permission issues=write or pull_requests=write" in str(error)


@pytest.mark.parametrize(
    ("status", "headers", "remedy"),
    [
        (403, {"Retry-After": "60"}, "rate limit is used up; run the job again in 60 s"),
        (
            403,
            {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1780000000"},
            "rate limit is used up until 20:26 UTC",
        ),
        (429, {"X-RateLimit-Remaining": "0"}, "rate limit is used up; run the job again later"),
    ],
)
def test_a_rate_limit_is_not_retried_and_has_its_end(
    github: GitHubStandIn, status: int, headers: dict[str, str], remedy: str
) -> None:
    error = failure(github, Fault("GET", status, headers))
    assert isinstance(error, RejectedError)
    assert remedy in str(error)


@pytest.mark.parametrize("status", [500, 502, 503])
def test_an_error_of_github_may_be_retried(github: GitHubStandIn, status: int) -> None:
    error = failure(github, Fault("GET", status))
    assert isinstance(error, UnavailableError)
    assert "https://www.githubstatus.com" in str(error)


def test_a_422_names_what_github_rejects(github: GitHubStandIn) -> None:
    body = {"message": "Validation Failed", "errors": [{"message": "body is too long"}, "head"]}
    error = failure(github, Fault("GET", 422, {}, body))
    assert isinstance(error, RejectedError)
    assert "answered 422: Validation Failed body is too long head" in str(error)


@pytest.mark.parametrize("body", ["<html>unicorn", "", "[]"])
def test_an_error_that_is_not_json_has_its_status(github: GitHubStandIn, body: str) -> None:
    assert "answered 500. See" in str(failure(github, Fault("GET", 500, {}, body)))


def test_a_wrong_token_is_named_without_its_value(github: GitHubStandIn) -> None:
    client = GitHub(repository=REPOSITORY, token="ghs_wrong", base_url=github.base)
    with pytest.raises(RejectedError, match=r"GITHUB_TOKEN \(hidden\) is invalid") as raised:
        client.call("GET", "/issues")
    assert "ghs_wrong" not in str(raised.value) + repr(client)


def test_what_does_not_exist_is_none(github: GitHubStandIn) -> None:
    assert github.client().find("/git/ref/heads/nope") is None


def test_other_errors_of_a_search_are_raised(github: GitHubStandIn) -> None:
    github.faults.append(Fault("GET", 403))
    with pytest.raises(RejectedError):
        github.client().find("/git/ref/heads/main")


def test_the_variables_of_a_job_are_read(github: GitHubStandIn) -> None:
    client = GitHub.from_environ(github.environ())
    assert (client.repository, client.base_url) == (REPOSITORY, github.base)
    with pytest.raises(RejectedError, match="GITHUB_REPOSITORY is not set"):
        GitHub.from_environ({"GITHUB_TOKEN": TOKEN})
