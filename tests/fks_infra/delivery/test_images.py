"""New digests change one key of the stack's file, and become one pull request."""

import pytest
import yaml

from fks_infra.clouds.http import RejectedError
from fks_infra.delivery.images import Image, changed_file, propose
from fks_infra.errors import OperatorError
from fks_infra.paths import PROJECT_ROOT
from tests.github_stand_in import Fault, GitHubStandIn

ONE, TWO = (f"sha256:{digit * 64}" for digit in "12")
API = {"api": Image(name="docker.io/nuniesmith/fks:api-latest", digest=ONE)}
WEB = {"web": Image(name="docker.io/nuniesmith/fks:web-latest", digest=TWO)}
FILE = """# a comment
config:
  fks:mode: multi # stays
  fks:services:
    api:
      memory: 512
  fks:domain: fkstrading.xyz
"""


def services(text: str) -> object:
    return yaml.safe_load(text)["config"]["fks:services"]


def test_one_key_changes_and_everything_else_stays() -> None:
    text = changed_file(FILE, API)
    assert services(text) == {
        "api": {"memory": 512, "image": "docker.io/nuniesmith/fks:api-latest", "digest": ONE}
    }
    before, after = FILE.splitlines(), text.splitlines()
    assert after[:4] == before[:4]
    assert after[-1] == before[-1]


@pytest.mark.parametrize("stack", ["prod", "dev"])
def test_the_projects_own_files_get_the_key(stack: str) -> None:
    text = (PROJECT_ROOT / f"Pulumi.{stack}.yaml").read_text()
    changed = changed_file(text, API | WEB)
    assert changed.startswith(text)
    assert sorted(services(changed)) == ["api", "web"]  # type: ignore[call-overload]


def test_the_same_digests_change_nothing() -> None:
    text = changed_file(FILE, API)
    assert changed_file(text, API) == text


@pytest.mark.parametrize(
    ("images", "complaint"),
    [
        ({"apo": API["api"]}, "'apo' is not a service; did you mean api?"),
        ({"api": Image(name="fks:latest", digest="sha256:1")}, "write sha256: and 64 hex digits"),
        ({"api": Image(name="no image", digest=ONE)}, "write an image, as ghcr.io/name/image:tag"),
    ],
)
def test_an_invalid_image_is_an_error(images: dict[str, Image], complaint: str) -> None:
    with pytest.raises(OperatorError) as raised:
        changed_file(FILE, images)
    assert complaint in str(raised.value)


@pytest.mark.parametrize("text", ["config: [", "just text"])
def test_a_file_that_does_not_parse_is_an_error(text: str) -> None:
    with pytest.raises(OperatorError, match="The stack's file does not parse"):
        changed_file(text, API)


@pytest.fixture(autouse=True)
def files(github: GitHubStandIn) -> None:
    github.files["main", "Pulumi.prod.yaml"] = FILE


def test_a_pull_request_is_opened_and_later_extended(github: GitHubStandIn) -> None:
    url = propose(github.client(), "prod", API)
    assert propose(github.client(), "prod", WEB) == url
    (pull,) = github.pulls
    assert (pull["head"]["ref"], pull["base"]) == ("images/prod", "main")
    assert pull["title"] == "Deploy new images: web"
    assert sorted(services(github.files["images/prod", "Pulumi.prod.yaml"])) == ["api", "web"]  # type: ignore[call-overload]
    assert github.files["main", "Pulumi.prod.yaml"] == FILE


def test_digests_that_are_deployed_open_nothing(github: GitHubStandIn) -> None:
    github.files["main", "Pulumi.prod.yaml"] = changed_file(FILE, API)
    assert propose(github.client(), "prod", API) == ""
    assert github.pulls == []


def test_a_merged_proposal_starts_again_from_main(github: GitHubStandIn) -> None:
    propose(github.client(), "prod", API)
    github.pulls.clear()
    github.refs["main"] = "b" * 40
    propose(github.client(), "prod", WEB)
    assert github.refs["images/prod"] == "b" * 40
    assert list(services(github.files["images/prod", "Pulumi.prod.yaml"])) == ["api", "web"]  # type: ignore[call-overload]
    assert "digest" not in services(github.files["images/prod", "Pulumi.prod.yaml"])["api"]  # type: ignore[index]


def test_after_a_rejection_the_next_run_goes_on(github: GitHubStandIn) -> None:
    github.faults.append(Fault("PUT", 403))
    with pytest.raises(RejectedError, match="the permission"):
        propose(github.client(), "prod", API)
    assert github.pulls == []
    propose(github.client(), "prod", API)
    assert len(github.pulls) == 1
