"""Declares the resources of a state from a list, without components or settings."""

import json
from pathlib import Path
from typing import Any

import pulumi
import pulumi_command
import pulumi_linode
import pulumi_random
import pulumi_tailscale

# Imported for the comparison: the program imports the same SDKs.
SDKS = (pulumi_command, pulumi_linode, pulumi_random, pulumi_tailscale)


def value_of(stored: Any) -> Any:
    """Return a stored input as a program would pass it, with secrets and assets as objects."""
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
