"""What the operator should know of servers of both modes beside each other."""

from collections.abc import Iterator

from fks_infra.config.settings import Settings


def keep_notices(settings: Settings) -> Iterator[str]:
    """A sentence where `fks:keep` names servers."""
    if settings.keep:
        other = "fks:keep" if settings.serve == settings.mode else f"fks:mode {settings.mode}"
        yield (
            f"fks:keep keeps {', '.join(settings.keep)} beside the servers of fks:mode "
            f"{settings.mode}, and both are paid. The DNS records point to the servers of "
            f"{settings.serve}; those of {other} have none. fks migrate status shows what is next."
        )
