"""The workflows' own command lines, run against a stand-in of GitHub and a recorded pulumi."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.github_stand_in import Fault, GitHubStandIn, serving
from tests.workflows.job import Runner

COMMIT = "c" * 40
RUN_PAGE = "https://github.example/run"
URN = (
    "urn:pulumi:prod::fks::fks:infra:ApiServer$fks:infra:Machine$linode:index/instance:Instance::a"
)
STEP = {"op": "update", "urn": URN, "newState": {"inputs": {"root_pass": "canary"}}}
CHANGED = json.dumps({"steps": [STEP], "changeSummary": {"update": 1}, "config": {"x": "canary"}})
SAME = json.dumps({"steps": [{"op": "same", "urn": URN}], "changeSummary": {"same": 1}})


@pytest.fixture
def github() -> Iterator[GitHubStandIn]:
    with serving() as stand_in:
        yield stand_in


@pytest.fixture
def runner(tmp_path: Path, github: GitHubStandIn) -> Runner:
    found = Runner(tmp_path)
    found.environ = github.environ()
    return found


def pulumi(runner: Runner, *answers: tuple[str, str], code: int = 0) -> None:
    """A pulumi that prints a file for the first pattern that its arguments have."""
    cases = []
    for number, (pattern, text) in enumerate(answers):
        (runner.directory / f"answer{number}").write_text(text)
        cases.append(f'*"{pattern}"*) cat "{runner.directory}/answer{number}";;')
    runner.program("pulumi", f'case "$*" in {" ".join(cases)} esac; exit {code}')


def artefact(runner: Runner, **files: str) -> None:
    (runner.directory / "preview").mkdir()
    for name, text in files.items():
        (runner.directory / "preview" / name.replace("_", ".")).write_text(text)


def comment(runner: Runner) -> str:
    """Run comment.yml's step; its standard error."""
    variables = {"COMMIT": COMMIT, "RUN": RUN_PAGE}
    return runner.run("comment.yml", "comment", "Post or edit the comment", **variables).stderr


def test_both_texts_become_one_comment_that_is_edited(
    runner: Runner, github: GitHubStandIn
) -> None:
    github.pulls.append({"number": 7, "head": {"sha": COMMIT}})
    artefact(runner, number="7\n", impact_md="**Nothing restarts.**\n", preview_md="No change.\n")
    assert comment(runner) == ""
    assert comment(runner) == ""
    (posted,) = github.comments
    assert posted["on"] == 7
    assert "**Nothing restarts.**" in posted["body"]
    assert "No change." in posted["body"]
    assert f"at commit {COMMIT}, in {RUN_PAGE}" in posted["body"]


def test_a_fork_has_the_first_text_and_the_reason(runner: Runner, github: GitHubStandIn) -> None:
    github.pulls.append({"number": 7, "head": {"sha": COMMIT}})
    artefact(runner, number="7", impact_md="text\n")
    comment(runner)
    assert "Not run: the pull request comes from a fork" in github.comments[0]["body"]


@pytest.mark.parametrize("number", ["", "8; rm -rf /", "\u0667", "7 8"])
def test_an_artefact_without_a_number_posts_nothing(
    runner: Runner, github: GitHubStandIn, number: str
) -> None:
    artefact(runner, number=number, impact_md="text")
    assert "Nothing was posted." in comment(runner)
    assert github.requests == []


def test_an_artefact_with_another_pull_requests_number_posts_nothing(
    runner: Runner, github: GitHubStandIn
) -> None:
    github.pulls.append({"number": 7, "head": {"sha": "d" * 40}})
    artefact(runner, number="7", impact_md="text")
    assert "Nothing was posted" in comment(runner)
    assert github.comments == []


def test_a_text_that_is_too_long_is_cut_in_the_comment(
    runner: Runner, github: GitHubStandIn
) -> None:
    github.pulls.append({"number": 7, "head": {"sha": COMMIT}})
    artefact(runner, number="7", impact_md="| a row |\n" * 20_000)
    assert comment(runner) == ""
    body = github.comments[0]["body"]
    assert len(body) < 60_100
    assert f"The whole text is in the summary of {RUN_PAGE}." in body


@pytest.mark.parametrize("status", [403, 404, 422])
def test_a_rejection_is_one_paragraph_and_posts_nothing(
    runner: Runner, github: GitHubStandIn, status: int
) -> None:
    github.pulls.append({"number": 7, "head": {"sha": COMMIT}})
    github.faults.append(Fault("POST", status))
    artefact(runner, number="7", impact_md="text")
    error = comment(runner).strip()
    assert f"answered {status}: a fault of the test" in error
    assert "\n" not in error
    assert github.comments == []


def preview(runner: Runner) -> int:
    step = "Preview against the real clouds"
    return runner.run("preview.yml", "pulumi", step).returncode


def test_the_preview_has_no_value_in_text_and_summary(runner: Runner) -> None:
    pulumi(runner, ("preview --json", CHANGED))
    assert preview(runner) == 0
    text = (runner.directory / "preview" / "preview.md").read_text()
    assert "| update | a |" in text
    assert runner.summary.strip() == text.strip()
    assert "canary" not in text


def test_a_preview_that_fails_is_red_and_leaves_a_text(runner: Runner) -> None:
    pulumi(runner, ("preview", "error: canary"), code=255)
    assert preview(runner) == 2
    text = (runner.directory / "preview" / "preview.md").read_text()
    assert text.startswith("The preview failed")


def test_where_the_impact_is_not_known_the_text_says_so(runner: Runner) -> None:
    variables = {"BASE": "no-such-commit", "NUMBER": "7"}
    step = "Compare both commits, in stand-in clouds"
    assert runner.run("preview.yml", "impact", step, **variables).returncode == 2
    text = (runner.directory / "preview" / "impact.md").read_text()
    assert text.startswith("**The impact is unknown.**")
    assert (runner.directory / "preview" / "number").read_text() == "7"


def drift_of(runner: Runner, text: str, code: int = 0, state: str = "{}") -> None:
    """A pulumi whose preview prints this text and ends with this code."""
    pulumi(runner, ("stack export", state))
    (runner.directory / "preview.json").write_text(text)
    script = (runner.directory / "bin" / "pulumi").read_text().removeprefix("#!/bin/sh\n")
    printed = f'cat "{runner.directory}/preview.json"; exit {code}'
    expected = '*"preview --refresh --expect-no-changes --json"*'
    runner.program("pulumi", f'case "$*" in {expected}) {printed};; esac\n{script}')


def drift(runner: Runner) -> int:
    return runner.run("drift.yml", "drift", "Detect drift").returncode


def test_drift_opens_an_issue_and_no_drift_closes_it(runner: Runner, github: GitHubStandIn) -> None:
    drift_of(runner, CHANGED, code=7)
    assert drift(runner) == 1
    body = github.issues[0]["body"]
    assert "Pulumi would change: 1 update." in body
    assert "`fks drift` shows changes by hand on the servers too." in body
    assert "canary" not in body + runner.summary
    drift_of(runner, SAME)
    assert drift(runner) == 0
    assert github.issues[0]["state"] == "closed"


def test_a_preview_that_failed_is_no_drift(runner: Runner, github: GitHubStandIn) -> None:
    drift_of(runner, '{"steps": [], "diagnostics": []}', code=255)
    assert drift(runner) == 2
    assert github.issues == []
    assert "nothing is known" in runner.summary


def test_an_update_in_progress_is_no_drift(runner: Runner, github: GitHubStandIn) -> None:
    drift_of(runner, CHANGED, code=7, state='{"deployment": {"pending_operations": [{}]}}')
    assert drift(runner) == 2
    assert github.issues == []
    assert "an update of the stack was in progress" in runner.summary


def test_the_targets_are_an_output_of_the_step(runner: Runner) -> None:
    pulumi(runner, ("config --json", "{}"), ("stack export", "{}"))
    variables = {"SERVERS": "web", "STACK": "prod"}
    assert runner.run("deploy.yml", "deploy", "Select the targets", **variables).returncode == 0
    lines = (runner.directory / "output").read_text().splitlines()
    shared = ["**fks:infra:Secrets**", "**fks:infra:BackupBucket**"]
    assert lines == ["urns<<END", *shared, "**fks:infra:WebServer**", "END"]


def test_all_servers_are_no_target(runner: Runner) -> None:
    pulumi(runner, ("config --json", "{}"), ("stack export", "{}"))
    runner.run("deploy.yml", "deploy", "Select the targets", SERVERS="all", STACK="prod")
    assert (runner.directory / "output").read_text() == "urns<<END\nEND\n"


def test_the_summary_says_what_changed(runner: Runner) -> None:
    entry = {
        "startTime": "2026-11-26T20:31:22.000Z",
        "result": "failed",
        "resourceChanges": {"update": 2},
    }
    state = {"deployment": {"resources": [{"urn": URN, "modified": "2026-11-26T20:32:22Z"}]}}
    pulumi(runner, ("stack history", json.dumps([entry])), ("stack export", json.dumps(state)))
    assert runner.run("deploy.yml", "deploy", "Say what changed", STACK="prod").returncode == 0
    assert "### Update of prod\n\nUpdate failed: 2 update." in runner.summary
    assert "| api | 60 |" in runner.summary


SERVER = {"roles": ["api"], "instanceId": 1, "address": "100.64.0.2", "hostKey": "ssh-ed25519 A"}


def deployed(runner: Runner, *answers: tuple[str, str]) -> None:
    """A pulumi with one server in the stack's outputs, and an ssh that prints its release."""
    outputs = {"inventory": {"servers": {"api": {**SERVER, "release": "cd" * 32}}}}
    domain = '{"fks:domain": {"value": "shop.example"}}'
    known = (("config get", "key"), ("config --json", domain), ("output", json.dumps(outputs)))
    pulumi(runner, *answers, *known)
    runner.program("ssh", f"echo releases/{'ab' * 32}")


def test_the_release_in_service_is_read_from_the_server(runner: Runner) -> None:
    deployed(runner)
    step = "Say which server serves which release"
    done = runner.run("deploy.yml", "deploy", step, STACK="prod")
    assert done.returncode == 0, done.stderr
    assert "| api | abababababab | cdcdcdcdcdcd |" in runner.summary


@pytest.mark.parametrize(
    "step", ["Say which server serves which release", "Require SSH on every server"]
)
def test_a_stack_without_servers_is_no_error(runner: Runner, step: str) -> None:
    domain = '{"fks:domain": {"value": "shop.example"}}'
    pulumi(runner, ("config --json", domain), ("output", "{}"))
    done = runner.run("deploy.yml", "deploy", step, STACK="prod")
    assert done.returncode == 0, done.stderr
    assert "stack prod has no servers yet" in done.stdout + runner.summary


def test_what_was_never_verified_is_one_paragraph(runner: Runner) -> None:
    deployed(runner, ("stack export", "{}"))
    done = runner.run("deploy.yml", "deploy", "Verify", STACK="prod")
    assert done.returncode == 1
    assert done.stderr.strip().startswith("The stack's state has no verify-step")


def test_without_an_audience_no_token_is_requested(runner: Runner) -> None:
    step = "Show which identity the tailnet sees"
    done = runner.run("deploy.yml", "deploy", step, AUDIENCE="")
    assert (done.returncode, done.stderr) == (0, "")
    assert "joined with an OAuth client" in done.stdout


def test_without_a_webhook_nothing_is_sent(runner: Runner) -> None:
    pulumi(runner, ("config --json", "{}"))
    variables = {"STACK": "prod", "RESULT": "success"}
    done = runner.run("deploy.yml", "deploy", "Notify the webhook", **variables)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_a_webhook_that_does_not_answer_is_not_shown(runner: Runner) -> None:
    present = ("config --json", '{"fks:alertWebhook": {"secret": true}}')
    pulumi(runner, present, ("config get fks:alertWebhook", "http://127.0.0.1:1/canary"))
    variables = {"STACK": "prod", "RESULT": "failure"}
    done = runner.run("deploy.yml", "deploy", "Notify the webhook", **variables)
    assert done.returncode == 1
    assert done.stderr == "The webhook at 127.0.0.1 does not answer.\n"


def test_digests_become_a_pull_request_of_the_infrastructure(
    runner: Runner, github: GitHubStandIn
) -> None:
    github.files["main", "Pulumi.prod.yaml"] = "config:\n  fks:domain: fkstrading.xyz\n"
    (runner.directory / "digests").mkdir()
    digest = f"sha256:{'1' * 64}"
    name = "docker.io/nuniesmith/fks:api-latest"
    variables = {"NAME": name, "DIGEST": digest, "SERVICE": "api"}
    assert runner.run("images.yml", "build", "Write the digest", **variables).returncode == 0
    (runner.directory / "api.json").rename(runner.directory / "digests" / "api.json")
    variables = {"STACK": "prod", "INFRASTRUCTURE": "fks/infra", "GITHUB_REPOSITORY": "fks/app"}
    done = runner.run("images.yml", "propose", "Open or update the pull request", **variables)
    assert done.returncode == 0, done.stderr
    assert digest in github.files["images/prod", "Pulumi.prod.yaml"]
    assert runner.summary.strip() == github.pulls[0]["html_url"]
