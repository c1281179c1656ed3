"""OpenSSH keys: is the text a key, has it a passphrase, do both halves belong together."""

import base64
import binascii
import struct

_BEGIN = "-----BEGIN OPENSSH PRIVATE KEY-----"
_END = "-----END OPENSSH PRIVATE KEY-----"
_MAGIC = b"openssh-key-v1\0"
_KINDS = ("ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ssh-rsa")


def public_key_error(line: str) -> str | None:
    """What is wrong with a one-line public key, or None."""
    kind, _, rest = line.strip().partition(" ")
    if "\n" in line.strip() or kind not in _KINDS or _public_blob(line) is None:
        return "it is not a public key; write the one line of the .pub file, ssh-ed25519 AAAA..."
    if any(character in rest for character in "'\"\\`$"):
        return "its comment has quoting characters; leave the comment out."
    return None


def private_key_error(text: str, public_line: str) -> str | None:
    """What is wrong with a private key, compared with its public line, or None.

    Layout (OpenSSH's PROTOCOL.key): magic, cipher, kdf, kdf options, count, public blob.
    """
    body = text.strip()
    if not (body.startswith(_BEGIN) and body.endswith(_END)):
        return "is not an OpenSSH private key"
    try:
        raw = base64.b64decode("".join(body[len(_BEGIN) : -len(_END)].split()), validate=True)
        if not raw.startswith(_MAGIC):
            return "is not an OpenSSH private key"
        cipher, offset = _string(raw, len(_MAGIC))
        _, offset = _string(raw, offset)
        _, offset = _string(raw, offset)
        blob, _ = _string(raw, offset + 4)
    except (binascii.Error, struct.error):
        return "is damaged"
    if cipher != b"none":
        return "has a passphrase, which nobody can type during `pulumi up`"
    if blob != _public_blob(public_line):
        return "does not belong to fks:deployPublicKey"
    return None


def _public_blob(line: str) -> bytes | None:
    fields = line.split()
    try:
        blob = base64.b64decode(fields[1], validate=True)
        kind, _ = _string(blob, 0)
    except (IndexError, binascii.Error, struct.error):
        return None
    return blob if kind.decode(errors="replace") == fields[0] else None


def _string(raw: bytes, offset: int) -> tuple[bytes, int]:
    (length,) = struct.unpack_from(">I", raw, offset)
    end = offset + 4 + length
    if end > len(raw):
        raise struct.error("truncated")
    return raw[offset + 4 : end], end
