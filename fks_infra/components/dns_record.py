"""The two parts of Cloudflare's provider in use, by type token, held to its schema by a test.

Importing the provider's whole SDK would cost seconds and 160 MB in every run.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Any

import pulumi

from fks_infra.errors import OperatorError, provider_message


@cache
def plugin_version() -> str:
    """The installed SDK's version, which is that of the plugin the engine is to load."""
    return version("pulumi_cloudflare")


@dataclass(frozen=True, kw_only=True)
class DnsRecordArgs:
    """A record. `name` is fully qualified, or a refresh sees drift; `data` is for CAA."""

    zone_id: pulumi.Input[str]
    name: str
    type: str
    content: pulumi.Input[str] | None = None
    data: Mapping[str, Any] | None = None
    comment: str | None = None


class DnsRecord(pulumi.CustomResource):
    """A DNS record with automatic TTL that is not proxied."""

    def __init__(
        self, resource_name: str, args: DnsRecordArgs, opts: pulumi.ResourceOptions
    ) -> None:
        inputs = {
            "zoneId": args.zone_id,
            "name": args.name,
            "type": args.type,
            "ttl": 1,
            "proxied": False,
            "content": args.content,
            "data": args.data,
            "comment": args.comment,
        }
        super().__init__(
            "cloudflare:index/dnsRecord:DnsRecord",
            resource_name,
            {key: value for key, value in inputs.items() if value is not None},
            pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(version=plugin_version())),
        )


async def zone_id(name: str) -> str:
    """The id of the zone of this name; OperatorError when the token sees none or several."""
    try:
        answer = await pulumi.runtime.invoke_async(
            "cloudflare:index/getZone:getZone",
            {"filter": {"match": "all", "name": name}},
            pulumi.InvokeOptions(version=plugin_version()),
        )
    except Exception as error:
        raise OperatorError(zone_complaint(name, provider_message(error))) from error
    return str(answer["id"])


def zone_complaint(name: str, text: str) -> str:
    """What Cloudflare's answer to the question for a zone means for the operator."""
    if "exactly one result" in text:
        return (
            f"fks:zone is {name!r} (fks:domain, where it is not set): {text} in Cloudflare. Write "
            f"the zone as Cloudflare's dashboard lists it, or give CLOUDFLARE_API_TOKEN (hidden) "
            f"Zone:Read and DNS:Edit on it."
        )
    return (
        f"CLOUDFLARE_API_TOKEN (hidden) did not get the zone {name!r} from Cloudflare: {text}. "
        f"Export a token that has not expired, with Zone:Read and DNS:Edit on that zone."
    )
