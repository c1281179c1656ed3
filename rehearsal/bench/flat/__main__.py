"""Declares a list of resources as they are in a state: no components, no settings, no decisions."""

import json
from pathlib import Path
from typing import Any

import pulumi
import pulumi_command
import pulumi_linode
import pulumi_random
import pulumi_tailscale

# A program that uses these providers imports their SDKs, and so does this one.
SDKS = (pulumi_command, pulumi_linode, pulumi_random, pulumi_tailscale)


def value_of(stored: Any) -> Any:
    """Turn a stored input into what a program would write: secrets and assets come back to life."""
    if isinstance(stored, list):
        return [value_of(item) for item in stored]
    if not isinstance(stored, dict):
        return stored
    if "plaintext" in stored:
        return pulumi.Output.secret(value_of(json.loads(stored["plaintext"])))
    if "path" in stored and any(len(key) == 32 for key in stored):
        return pulumi.FileAsset(stored["path"])
    return {key: value_of(item) for key, item in stored.items()}


for row in json.loads(Path("resources.json").read_text()):
    pulumi.CustomResource(
        row["type"],
        row["name"],
        value_of(row["inputs"]),
        pulumi.ResourceOptions(version=row["version"]),
    )
