"""The pair of SSH keys in fks:deployKey and fks:deployPublicKey."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from fks_infra.config.pulumi_cli import pulumi, run
from fks_infra.config.stored_secret import store_secret


@dataclass(frozen=True, kw_only=True)
class KeyPair:
    """The private half as OpenSSH's file has it, the public half as one line."""

    private: str = field(repr=False)
    public: str


def new_pair(stack: str) -> KeyPair:
    """An ed25519 pair without a passphrase, from ssh-keygen; OperatorError if that fails."""
    with tempfile.TemporaryDirectory(prefix="fks-") as directory:
        path = Path(directory) / "deploy"
        run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", f"fks-{stack}", "-f", str(path)])
        return KeyPair(private=path.read_text(), public=public_of(path))


def public_of(private: Path) -> str:
    """The public half of a private key's file, as one line."""
    return run(["ssh-keygen", "-y", "-f", str(private)]).strip()


def fingerprint(key: Path) -> str:
    """SHA256:... of a key's file, private or public."""
    return run(["ssh-keygen", "-l", "-E", "sha256", "-f", str(key)]).split()[1]


def store(stack: str, pair: KeyPair) -> None:
    """Into the stack's configuration. One that has only the private half, after an interruption,
    can be completed: `public_of`."""
    store_secret(stack, "deployKey", pair.private)
    store_public(stack, pair.public)


def store_public(stack: str, public: str) -> None:
    """Only the public half."""
    pulumi("config", "set", "fks:deployPublicKey", "--stack", stack, "--", public)
