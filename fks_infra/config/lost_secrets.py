"""Removes the secrets from a stack's file whose passphrase is lost."""

import re
from pathlib import Path

import yaml

from fks_infra.errors import OperatorError

# As pulumi writes them. Comments and all else stay as they are.
_SECRET = re.compile(r'^  "?([^\s"]+)"?:\n    secure: \S+\n', re.MULTILINE)
_DECRYPTION = re.compile(r"^(encryptionsalt|secretsprovider|encryptedkey): .*\n", re.MULTILINE)


def remove(file: Path) -> list[str]:
    """The keys of the secrets that were removed; OperatorError, and no change, if one is left."""
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise OperatorError(f"{file.name} cannot be read: {error.strerror}.") from None
    rest = _DECRYPTION.sub("", _SECRET.sub("", text))
    if "secure:" in rest:
        raise OperatorError(
            f"{file.name} has a secret inside of another value. Nothing was changed.\n"
            f"Next: remove each `secure:` there by hand, then the same again"
        )
    # A file of which only comments are left is empty for pulumi.
    config = (yaml.safe_load(rest) or {}).get("config")
    file.write_text(rest if config else re.sub(r"^config:\s*$", "config: {}", rest, flags=re.M))
    return _SECRET.findall(text)
