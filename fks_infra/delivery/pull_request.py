"""The comment on a pull request, made of the files that its own run left as an artefact.

The run may be of a fork, so the artefact is text of unknown origin: it is posted and never run.
"""

from dataclasses import dataclass
from pathlib import Path

from fks_infra.errors import OperatorError

NAME = "preview"
NUMBER, IMPACT, PREVIEW = "number", "impact.md", "preview.md"
NO_PREVIEW = (
    "Not run: the pull request comes from a fork, or the environment `preview` has no secrets.\n"
)
# The artefact's files are text; a larger one is cut with the comment anyway.
_READ_LIMIT = 1_000_000
_TEXT = """## What this pull request does to the servers

{impact}
### Pulumi's own preview

{preview}
<details><summary>What these two can and cannot see</summary>

- The first part compares what both commits put on each server, and lets Pulumi's engine judge it in
  stand-in clouds. It needs no account and no secret, and does not see the real clouds.
- The second part is `pulumi preview` with read-only tokens. It sees the real state, and shows
  operations, names, types and URNs only: values may be secret.
- Neither sees what was changed by hand on a server. Both were made by the pull request's own code,
  at commit {commit}, in {run}.

</details>
"""


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The pull request's number, and the two texts."""

    number: int
    impact: str
    preview: str


def read_parts(directory: Path) -> Parts:
    """Read the artefact; OperatorError where it has no number."""
    number = _read(directory / NUMBER).strip()
    if not (number.isascii() and number.isdigit()):
        raise OperatorError(
            f"{directory / NUMBER} is {number[:40]!r}; the run of preview.yml writes the pull "
            f"request's number there. Nothing was posted."
        )
    impact = _read(directory / IMPACT) or "The run ended before it was known; see its log.\n"
    preview = _read(directory / PREVIEW) or NO_PREVIEW
    return Parts(number=int(number), impact=impact, preview=preview)


def comment(parts: Parts, commit: str, run: str) -> str:
    """The whole text; `run` is the run's page."""
    return _TEXT.format(impact=parts.impact, preview=parts.preview, commit=commit, run=run)


def _read(path: Path) -> str:
    if path.is_symlink() or not path.is_file():
        return ""
    with path.open("rb") as file:
        return file.read(_READ_LIMIT).decode(errors="replace")
