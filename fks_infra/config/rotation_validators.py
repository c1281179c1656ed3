"""Format of `fks:rotation`: how often each secret that a run makes was replaced."""

from typing import Any

from fks_infra.config.schema import did_you_mean
from fks_infra.roles import ROTATED

# The key of fks:backup.bucket, which Linode makes; also the name of its resource.
BUCKET_KEY = "backup-key"
ROTATED_NAMES = (*(secret.name for _, secret in ROTATED), BUCKET_KEY)


def rotation(value: Any) -> str | None:
    """Name of a secret to a whole number from 1; see components/secrets.py and backup_bucket.py."""
    for name, number in value.items():
        if name not in ROTATED_NAMES:
            return f"{name!r} is not a secret that fks rotate replaces; " + did_you_mean(
                name, list(ROTATED_NAMES)
            )
        if not isinstance(number, int) or isinstance(number, bool) or number < 1:
            return f"{name} is {number!r}; write a whole number from 1, as fks rotate does."
    return None
