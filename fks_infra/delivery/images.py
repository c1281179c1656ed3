"""Proposes image digests by a pull request that changes `fks:services` of a stack's file."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from fks_infra.clouds.github import GitHub
from fks_infra.config.service_validators import services
from fks_infra.errors import OperatorError

_KEY = "fks:services"
_BRANCH = "images/{stack}"
_BODY = """The application built and pushed these images for linux/amd64, with provenance:

{rows}

The comment below, made by preview.yml, says what a merge does to the servers.
"""


@dataclass(frozen=True, kw_only=True)
class Image:
    """A pushed image: its name with a tag, and the digest (sha256:...)."""

    name: str
    digest: str


def changed_file(text: str, images: Mapping[str, Image]) -> str:
    """A stack's file with image and digest of the services by name; everything else stays as it is.

    OperatorError where the file does not parse or a service, image or digest is invalid.
    """
    try:
        config = (yaml.safe_load(text) or {}).get("config") or {}
    except (yaml.YAMLError, AttributeError) as error:
        raise OperatorError(f"The stack's file does not parse: {error}") from None
    merged = {name: dict(fields) for name, fields in (config.get(_KEY) or {}).items()}
    for name, image in images.items():
        merged.setdefault(name, {}).update(image=image.name, digest=image.digest)
    if complaint := services(merged):
        raise OperatorError(f"{_KEY} would be invalid: {complaint}")
    return _replaced(text, yaml.safe_dump({_KEY: merged}, sort_keys=True))


def _replaced(text: str, block: str) -> str:
    """The file with the key's block, in place of the present one or after all other keys."""
    lines = text.rstrip("\n").split("\n")
    indented = [f"  {line}" for line in block.rstrip("\n").split("\n")]
    start = next((n for n, line in enumerate(lines) if line.startswith(f"  {_KEY}:")), len(lines))
    end = start + 1
    while end < len(lines) and lines[end].startswith("   "):
        end += 1
    return "\n".join([*lines[:start], *indented, *lines[end:]]) + "\n"


def propose(github: GitHub, stack: str, images: Mapping[str, Image], base: str = "main") -> str:
    """Open or update the pull request; returns its URL, empty where the base has these digests.

    A proposal that is open is extended: other services' digests in it stay. The pull request comes
    last, so a run that fails before it has only moved a branch; the next run goes on from there.
    """
    branch, path = _BRANCH.format(stack=stack), f"Pulumi.{stack}.yaml"
    owner = github.repository.partition("/")[0]
    found = list(github.pages("/pulls", state="open", head=f"{owner}:{branch}", base=base))
    if not found:
        _reset(github, branch, base)
    file = github.call("GET", f"/contents/{path}?ref={branch}")
    before = base64.b64decode(file["content"]).decode()
    after = changed_file(before, images)
    if after == before:
        return str(found[0]["html_url"]) if found else ""
    title = f"Deploy new images: {', '.join(sorted(images))}"
    github.call("PUT", f"/contents/{path}", _commit(title, after, file["sha"], branch))
    text = {"title": title, "body": _body(images)}
    if found:
        return str(github.call("PATCH", f"/pulls/{found[0]['number']}", text)["html_url"])
    opened = github.call("POST", "/pulls", {**text, "head": branch, "base": base})
    return str(opened["html_url"])


def _reset(github: GitHub, branch: str, base: str) -> None:
    """Let the branch begin at the base's newest commit."""
    newest = github.call("GET", f"/git/ref/heads/{base}")["object"]["sha"]
    if github.find(f"/git/ref/heads/{branch}") is None:
        github.call("POST", "/git/refs", {"ref": f"refs/heads/{branch}", "sha": newest})
    else:
        github.call("PATCH", f"/git/refs/heads/{branch}", {"sha": newest, "force": True})


def _commit(title: str, text: str, sha: str, branch: str) -> dict[str, Any]:
    content = base64.b64encode(text.encode()).decode()
    return {"message": title, "content": content, "sha": sha, "branch": branch}


def _body(images: Mapping[str, Image]) -> str:
    rows = [f"- {name}: `{image.name}@{image.digest}`" for name, image in sorted(images.items())]
    return _BODY.format(rows="\n".join(rows))
