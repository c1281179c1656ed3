"""Buckets and keys of Object Storage. Their objects are served by `rehearsal.clouds.s3`."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from rehearsal.clouds.linode import catalog
from rehearsal.clouds.linode.errors import bad, check_modelled, not_found, not_modelled, rejected

Json = dict[str, Any]
DOMAIN = "linodeobjects.com"
PERMISSIONS = ("read_write", "read_only")
HIDDEN = "[REDACTED]"


def endpoint(region: str) -> str:
    """The host name of the S3 API of a region's older endpoints (E1)."""
    return f"{region}-1.{DOMAIN}"


@dataclass(kw_only=True)
class CloudBucket:
    """A bucket. `acl` is Linode's canned one."""

    region: str
    label: str
    created: str
    acl: str = "private"

    def view(self) -> Json:
        """The bucket as the API shows it, without its size."""
        host = endpoint(self.region)
        return {
            "region": self.region,
            "cluster": f"{self.region}-1",
            "label": self.label,
            "created": self.created,
            "hostname": f"{self.label}.{host}",
            "s3_endpoint": host,
            "endpoint_type": "E1",
        }


@dataclass(kw_only=True)
class BucketKey:
    """A limited key; `bucket_access` as in the request."""

    id: int
    label: str
    access_key: str
    secret_key: str
    bucket_access: list[Json]

    def view(self) -> Json:
        """The key as the API shows it after its creation."""
        regions = sorted({access["region"] for access in self.bucket_access})
        return {
            **asdict(self),
            "secret_key": HIDDEN,
            "limited": True,
            "regions": [
                {"id": region, "s3_endpoint": endpoint(region), "endpoint_type": "E1"}
                for region in regions
            ],
        }

    def permission(self, region: str, label: str) -> str:
        """What the key may do in a bucket; empty for nothing."""
        found = (
            access["permissions"]
            for access in self.bucket_access
            if (access["region"], access["bucket_name"]) == (region, label)
        )
        return next(found, "")


class ObjectStorage:
    """Those of one account. `is_empty` says whether a bucket (region, label) has no object."""

    def __init__(self, new_id: Callable[[], int], now: Callable[[], str]) -> None:
        self._new_id, self._now = new_id, now
        self.is_empty: Callable[[str, str], bool] = lambda _region, _label: True
        self.reset()

    def reset(self) -> None:
        """Remove everything."""
        self.buckets: dict[tuple[str, str], CloudBucket] = {}
        self.keys: dict[int, BucketKey] = {}

    def create_bucket(self, body: Mapping[str, Any]) -> Json:
        """A new bucket, or the one that the account has with this label."""
        check_modelled(body, ("region", "label", "acl"))
        region, label = body.get("region"), body.get("label")
        row = catalog.find("regions", str(region))
        if row is None or "Object Storage" not in row["capabilities"]:
            raise bad("region", "region is not valid")
        if not isinstance(label, str) or not 3 <= len(label) <= 63:
            raise bad("label", "Length must be 3-63 characters")
        new = CloudBucket(region=row["id"], label=label, created=self._now())
        self._check_access({"acl": body.get("acl") or new.acl})
        return self.buckets.setdefault((new.region, label), new).view()

    def bucket(self, region: str, label: str) -> CloudBucket:
        """One bucket, or 404."""
        if (region, label) not in self.buckets:
            raise not_found()
        return self.buckets[region, label]

    def access(self, region: str, label: str) -> Json:
        """Who may use a bucket without a key of the account."""
        return {"acl": self.bucket(region, label).acl, "cors_enabled": False}

    def change_access(self, region: str, label: str, body: Mapping[str, Any]) -> None:
        """Change it: only to what it is."""
        self.bucket(region, label)
        self._check_access(body)

    @staticmethod
    def _check_access(body: Mapping[str, Any]) -> None:
        check_modelled(body, ("acl",))
        if body.get("acl") != "private":
            raise not_modelled("a bucket that is not private")

    def delete_bucket(self, region: str, label: str) -> None:
        """Remove an empty bucket."""
        self.bucket(region, label)
        if not self.is_empty(region, label):
            raise rejected("Bucket is not empty", 409)
        del self.buckets[region, label]

    def create_key(self, body: Mapping[str, Any]) -> Json:
        """A new limited key. Only this answer has its secret."""
        check_modelled(body, ("label", "bucket_access"))
        if not body.get("bucket_access"):
            raise not_modelled("a key that is not limited to buckets")
        for access in body["bucket_access"]:
            check_modelled(access, ("region", "bucket_name", "permissions"))
            if (access["region"], access["bucket_name"]) not in self.buckets:
                raise bad("bucket_access", "bucket does not exist")
            if access["permissions"] not in PERMISSIONS:
                raise bad("permissions", f"permissions must be one of {', '.join(PERMISSIONS)}")
        key = BucketKey(
            id=self._new_id(),
            label=self._label(body),
            access_key=secrets.token_hex(10).upper(),
            secret_key=secrets.token_hex(20),
            bucket_access=[dict(access) for access in body["bucket_access"]],
        )
        self.keys[key.id] = key
        return {**key.view(), "secret_key": key.secret_key}

    @staticmethod
    def _label(body: Mapping[str, Any]) -> str:
        label = body.get("label")
        if not isinstance(label, str) or not 1 <= len(label) <= 50:
            raise bad("label", "Length must be 1-50 characters")
        return label

    def key(self, number: int) -> BucketKey:
        """One key, or 404."""
        if number not in self.keys:
            raise not_found()
        return self.keys[number]

    def update_key(self, number: int, body: Mapping[str, Any]) -> Json:
        """Give a key another label."""
        check_modelled(body, ("label",))
        key = self.key(number)
        key.label = self._label(body)
        return key.view()

    def delete_key(self, number: int) -> None:
        """Remove a key; the S3 API refuses it from now on."""
        self.key(number)
        del self.keys[number]

    def key_named(self, access_key: str) -> BucketKey | None:
        """The key with this access key."""
        return next((key for key in self.keys.values() if key.access_key == access_key), None)

    def state(self) -> Json:
        """As the API would show them."""
        return {
            "buckets": [bucket.view() for bucket in self.buckets.values()],
            "bucket_keys": [key.view() for key in self.keys.values()],
        }

    def dump(self) -> Json:
        """Plain data for the state file."""
        return {
            "buckets": [asdict(bucket) for bucket in self.buckets.values()],
            "bucket_keys": [asdict(key) for key in self.keys.values()],
        }

    def load(self, state: Json) -> None:
        """Restore `dump`'s data."""
        rows = [CloudBucket(**row) for row in state["buckets"]]
        self.buckets = {(row.region, row.label): row for row in rows}
        self.keys = {row["id"]: BucketKey(**row) for row in state["bucket_keys"]}
