"""The bucket of Linode Object Storage that `fks:backup.bucket` declares."""

import re
from dataclasses import dataclass

from fks_infra.config.regions import REGIONS
from fks_infra.config.schema import did_you_mean

_LABEL = re.compile(r"(?=.{3,63}$)[a-z0-9]+(?:(?:-+|\.)[a-z0-9]+)*")
_ADDRESS = re.compile(r"\d+(?:\.\d+){3}")
# The id of a cluster is that of its region with a number: us-east-1.
_CLUSTER = re.compile(rf"({'|'.join(REGIONS)})-\d")


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """Its region and its label, which no other bucket of the region has, of any customer."""

    region: str
    label: str

    def __str__(self) -> str:
        """As it is configured."""
        return f"{self.region}/{self.label}"

    @classmethod
    def of(cls, text: str) -> "Bucket":
        """From REGION/LABEL that has no error."""
        region, _, label = text.partition("/")
        return cls(region=region, label=label)


def bucket_error(text: str) -> str | None:
    """What is wrong with REGION/LABEL, or None.

    https://techdocs.akamai.com/cloud-computing/docs/create-and-manage-buckets (the label's form)
    """
    region, slash, label = text.partition("/")
    if not slash:
        return f"bucket is {text!r}; write it as REGION/LABEL, as nl-ams/fks-prod-backup."
    if cluster := _CLUSTER.fullmatch(region):
        return f"bucket has {region!r}, a cluster; write its region: {cluster[1]}/{label}."
    if region not in REGIONS:
        return f"bucket has the region {region!r}; {did_you_mean(region, list(REGIONS))}"
    if _LABEL.fullmatch(label) and not _ADDRESS.fullmatch(label):
        return None
    return (
        f"bucket has the label {label!r}; write 3 to 63 lower-case letters, digits, dashes and "
        f"single periods, with a letter or digit at both ends and beside each period, and no IP "
        f"address."
    )
