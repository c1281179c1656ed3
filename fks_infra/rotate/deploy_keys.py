"""The SSH keys of the servers' user deploy, as host/bin/deploy-keys prints them."""

from collections.abc import Iterator, Mapping

from fks_infra.operate.reports import Document

PROGRAM = "deploy-keys"
KEYS = ("keys", "removed")


def others(found: Mapping[str, Document], fingerprint: str) -> dict[str, dict[str, str]]:
    """By server the lines, by fingerprint, of the keys that are not this one."""
    return {
        name: {key: line for key, line in one["keys"].items() if key != fingerprint}
        for name, one in found.items()
    }


def unfinished(found: Mapping[str, Document], fingerprint: str) -> bool:
    """Whether a rotation was interrupted after it had stored this key, which is configured.

    Then it is the newest one everywhere, and somewhere there is another one, or one that was
    removed and not proved to be refused. A rotation that was interrupted before left a newer one.
    """
    newest = all([*one["keys"]][-1:] == [fingerprint] for one in found.values())
    return newest and any(one["removed"] or len(one["keys"]) > 1 for one in found.values())


def plan(found: Mapping[str, Document], fingerprint: str, file: str) -> Iterator[str]:
    """What a rotation does, for the operator; `file` is that of the stack's configuration."""
    if unfinished(found, fingerprint):
        yield (
            f"An earlier rotation was interrupted after it had stored the key {fingerprint}: it is "
            f"finished, and no further key is made."
        )
        removed = others(found, fingerprint)
    else:
        yield (
            f"Each server gets a new SSH key beside the old one. When all accept it, it is stored "
            f"in {file}."
        )
        removed = others(found, "")
    yield "pulumi up deploys this checkout with it. Then these keys of deploy are removed:"
    for name, lines in removed.items():
        yield from (f"  {name}: {_shown(key, line)}" for key, line in lines.items())
    yield "Nothing is restarted, and no request fails (0 s)."
    yield "At the end each server is offered the removed keys, and must refuse them."


def _shown(key: str, line: str) -> str:
    comment = line.split()[-1]
    return f"{key} ({comment})" if len(line.split()) > 2 else key
