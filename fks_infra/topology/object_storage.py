"""What the operator should know of a declared bucket, and its price."""

from collections.abc import Iterator

from fks_infra.config.settings import Settings

# Dollars a month of Object Storage, for all buckets of the account, with 250 GB; each further GB
# costs 0.02 (Linode's guide "Object Storage Pricing and Limitations"; some regions cost more).
MONTHLY_PRICE = 5.0


def bucket_notices(settings: Settings) -> Iterator[str]:
    """A sentence where the region's loss would lose the backups too."""
    bucket = settings.bucket
    if bucket and bucket.region == settings.region:
        yield (
            f"fks:backup.bucket {bucket} is in the region of the servers: "
            f"the loss of {bucket.region} would lose the data and their backups. Write another "
            f"region."
        )


def bucket_price(settings: Settings) -> float:
    """Dollars a month at least; 0 without a declared bucket."""
    return MONTHLY_PRICE if settings.bucket else 0.0
