"""Cloudflare's DNS record, declared by its type token; a test checks it against the schema.

Importing the provider's SDK would cost seconds and 160 MB in every run.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Any

import pulumi

from fks_infra.preflight.record_conflicts import RECORD
from fks_infra.topology.keep import AUTOMATIC_TTL


@cache
def plugin_version() -> str:
    """The installed SDK's version, which is also the version of the plugin to load."""
    return version("pulumi_cloudflare")


@dataclass(frozen=True, kw_only=True)
class DnsRecordArgs:
    """A record. `name` is fully qualified (a refresh would report drift otherwise); `data` is for
    CAA; `ttl` in seconds, or AUTOMATIC_TTL.
    """

    zone_id: pulumi.Input[str]
    name: str
    type: str
    ttl: int = AUTOMATIC_TTL
    content: pulumi.Input[str] | None = None
    data: Mapping[str, Any] | None = None
    comment: str | None = None


class DnsRecord(pulumi.CustomResource):
    """A DNS record that is not proxied.

    Other `data` replaces it: in an update the provider would send the new `data` beside the
    `content` that Cloudflare computed from the old one.
    """

    def __init__(
        self, resource_name: str, args: DnsRecordArgs, opts: pulumi.ResourceOptions
    ) -> None:
        inputs = {
            "zoneId": args.zone_id,
            "name": args.name,
            "type": args.type,
            "ttl": args.ttl,
            "proxied": False,
            "content": args.content,
            "data": args.data,
            "comment": args.comment,
        }
        options = pulumi.ResourceOptions(version=plugin_version(), replace_on_changes=["data"])
        super().__init__(
            RECORD,
            resource_name,
            {key: value for key, value in inputs.items() if value is not None},
            pulumi.ResourceOptions.merge(opts, options),
        )
