"""Linode's API: the token's scopes, what Linode sells, and the account's instances and firewalls.

https://techdocs.akamai.com/linode-api/reference/api
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote

from fks_infra.clouds.api import Api
from fks_infra.clouds.credentials import BUCKET_RIGHT, LINODE_RIGHTS, required
from fks_infra.clouds.http import CALL_SECONDS
from fks_infra.clouds.linode_types import Image, Instance, Labelled, Plan, Region

_PAGE_SIZE = 500
NEW_TOKEN = (
    f"Make a token at https://cloud.linode.com/profile/tokens (Create a Personal Access Token, "
    f"{LINODE_RIGHTS}; {BUCKET_RIGHT}) and export it as LINODE_TOKEN"
)


@dataclass(frozen=True, kw_only=True)
class Linode:
    """The client. Errors of every method: RejectedError, UnavailableError."""

    api: Api

    @classmethod
    def from_environ(cls, environ: Mapping[str, str], seconds: float = CALL_SECONDS) -> "Linode":
        """From the variables that Linode's provider reads."""
        return cls(
            api=Api(
                name="Linode",
                base_url=base_url(environ),
                authorize=lambda: f"Bearer {required(environ, 'LINODE_TOKEN')}",
                variables="LINODE_TOKEN (hidden)",
                remedy=NEW_TOKEN,
                seconds=seconds,
            )
        )

    def token_scopes(self) -> str:
        """The token's scopes as Linode writes them: separated by blanks, `*` is all of them."""
        return self.api.call("GET", "/profile").headers.get("x-oauth-scopes", "")

    def region(self, identifier: str) -> Region | None:
        """A region, or None for an unknown id."""
        row = self.api.find(f"/regions/{quote(identifier)}", public=True)
        return None if row is None else Region.of(row)

    def image(self, identifier: str) -> Image | None:
        """An image, or None for an unknown id; only private images need the token."""
        public = not identifier.startswith("private/")
        row = self.api.find(f"/images/{quote(identifier)}", public=public)
        return None if row is None else Image.of(row)

    def plan(self, identifier: str) -> Plan | None:
        """A plan, or None for an unknown id."""
        row = self.api.find(f"/linode/types/{quote(identifier)}", public=True)
        return None if row is None else Plan.of(row)

    def plans(self) -> list[Plan]:
        """Every plan that Linode sells."""
        return [Plan.of(row) for row in self.plan_rows()]

    def plan_rows(self) -> list[dict[str, Any]]:
        """Every plan that Linode sells, as its API shows it."""
        return list(self._rows("/linode/types", partial(self.api.get, public=True)))

    def sold_out_plans(self, region: str) -> frozenset[str] | None:
        """The plans a region has no capacity for, or None for an unknown region.

        Linode lists only plans that are scarce somewhere.
        """
        rows = self.api.find(f"/regions/{quote(region)}/availability", public=True)
        if rows is None:
            return None
        return frozenset(row["plan"] for row in rows if not row["available"])

    def instances(self, labels: Sequence[str]) -> list[Labelled]:
        """The account's instances with one of these labels."""
        return [Labelled.of(row) for row in self._labelled("/linode/instances", labels)]

    def running(self, labels: Sequence[str]) -> list[Instance]:
        """The account's instances with one of these labels, with plan and age."""
        return [Instance.of(row) for row in self._labelled("/linode/instances", labels)]

    def used_transfer(self, identifier: str) -> int:
        """Bytes that an instance has sent this month."""
        return int(self.api.get(f"/linode/instances/{quote(identifier)}/transfer")["used"])

    def firewalls(self, labels: Sequence[str]) -> list[Labelled]:
        """The account's firewalls with one of these labels."""
        return [Labelled.of(row) for row in self._labelled("/networking/firewalls", labels)]

    def bucket_keys(self, label: str) -> list[str]:
        """The ids of the account's keys of Object Storage with this label."""
        rows = self._rows("/object-storage/keys", self.api.get)
        return [str(row["id"]) for row in rows if row["label"] == label]

    def has_bucket_key(self, identifier: str) -> bool:
        """Whether the account has a key of Object Storage with this id."""
        return self.api.find(f"/object-storage/keys/{quote(identifier)}") is not None

    def delete_bucket_key(self, identifier: str) -> None:
        """Delete a key of Object Storage; what does not exist is fine."""
        self.api.delete(f"/object-storage/keys/{quote(identifier)}")

    def instance(self, identifier: str) -> Labelled | None:
        """One instance of the account, or None for an unknown id."""
        row = self.api.find(f"/linode/instances/{quote(identifier)}")
        return None if row is None else Labelled.of(row)

    def _labelled(self, path: str, labels: Sequence[str]) -> Iterator[Any]:
        return self._rows(path, partial(self.api.get, headers={"X-Filter": label_filter(labels)}))

    @staticmethod
    def _rows(path: str, fetch: Callable[[str], Any]) -> Iterator[Any]:
        number, pages = 1, 1
        while number <= pages:
            page = fetch(f"{path}?page={number}&page_size={_PAGE_SIZE}")
            number, pages = number + 1, int(page["pages"])
            yield from page["data"]


def base_url(environ: Mapping[str, str]) -> str:
    """The address of the API with its version."""
    return (environ.get("LINODE_URL") or "https://api.linode.com").rstrip("/") + "/v4"


def label_filter(labels: Sequence[str]) -> str:
    """The X-Filter header for any of these labels."""
    return json.dumps({"+or": [{"label": label} for label in labels]})
