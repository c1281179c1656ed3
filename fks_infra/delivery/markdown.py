"""Markdown that fits into a comment, the rest being in the step summary."""

from dataclasses import dataclass

from fks_infra.clouds.github import COMMENT_LIMIT


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """The text for a comment, and whether something was cut off."""

    text: str
    cut: bool


def fit(text: str, where: str, limit: int = COMMENT_LIMIT) -> Fitted:
    """Cut at the end of a line; a last line says that the rest is at `where`, a URL or a place."""
    if len(text) <= limit:
        return Fitted(text=text, cut=False)
    note = f"\n\n**Cut at {limit:,} characters.** The whole text is in {where}.\n"
    room = limit - len(note) - len("\n```\n</details>")
    kept = text[:room].rpartition("\n")[0] or text[:room]
    return Fitted(text=_closed(kept) + note, cut=True)


def _closed(text: str) -> str:
    """With the code block and the folded part closed that the cut left open."""
    fences = sum(line.startswith("```") for line in text.splitlines())
    closed = text + "\n```" if fences % 2 else text
    is_folded = text.count("<details>") > text.count("</details>")
    return closed + "\n</details>" if is_folded else closed
