"""Servers of both modes beside each other: how long resolvers may cache the records, and what the
operator should know."""

from collections.abc import Iterator

from fks_infra.config.settings import Settings

# Seconds: of records with automatic TTL, and the shortest that every zone may have.
# https://developers.cloudflare.com/dns/manage-dns-records/reference/ttl/
AUTOMATIC_SECONDS, KEEP_SECONDS = 300, 60
# As Cloudflare takes it
AUTOMATIC_TTL = 1


def address_ttl(settings: Settings) -> int:
    """Of the names' A records, as Cloudflare takes it: short before they may be switched."""
    return KEEP_SECONDS if settings.keep else AUTOMATIC_TTL


def keep_notices(settings: Settings) -> Iterator[str]:
    """A sentence where `fks:keep` names servers."""
    if settings.keep:
        other = "fks:keep" if settings.serve == settings.mode else f"fks:mode {settings.mode}"
        yield (
            f"fks:keep keeps {', '.join(settings.keep)} beside the servers of fks:mode "
            f"{settings.mode}, and both are paid. The DNS records point to the servers of "
            f"{settings.serve}; those of {other} have none. fks migrate status shows what is next."
        )
