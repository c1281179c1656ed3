"""A certificate authority of this machine, and the certificate of the development stack.

The authority can issue certificates for names below fks.localhost only (name constraints), so a
browser may trust it. Its key stays below `.fks/dev`, readable by this user only.
"""

import shutil
import ssl
from collections.abc import Sequence
from pathlib import Path

from fks_infra.config.pulumi_cli import CommandError, run
from fks_infra.dev import place

_DAYS, _AUTHORITY_DAYS = 397, 3650
_RENEW_SECONDS = 30 * 86400
_EC = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
_AUTHORITY = """\
basicConstraints=critical,CA:TRUE,pathlen:0
keyUsage=critical,keyCertSign,cRLSign
nameConstraints=critical,permitted;DNS:{domain}
subjectKeyIdentifier=hash
"""
_LEAF = """\
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
subjectAltName={names}
"""
_SYSTEM = Path("/etc/ssl/certs")


def certificate(root: Path, names: Sequence[str]) -> bytes:
    """The PEM text of key and chain for these names; made anew a month before its end.

    OperatorError if openssl fails or is missing."""
    directory = root / "authority"
    directory.mkdir(parents=True, exist_ok=True)
    directory.chmod(0o700)
    authority = directory / "ca.pem"
    if not _valid(authority):
        _make_authority(directory)
    text = ",".join(f"DNS:{name}" for name in names)
    extensions = directory / "leaf.cnf"
    known = extensions.read_text() if extensions.exists() else ""
    if known != _LEAF.format(names=text) or not _valid(directory / "leaf.pem"):
        extensions.write_text(_LEAF.format(names=text))
        _make_leaf(directory, names[0])
    files = (directory / name for name in ("leaf.key", "leaf.pem", "ca.pem"))
    return b"".join(file.read_bytes() for file in files)


def trust(root: Path) -> None:
    """Write the trust store of the containers: this machine's, with the authority."""
    target = place.trust(root)
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for file in _SYSTEM.glob("*.0"):
        if file.exists():
            (target / file.name).write_bytes(file.read_bytes())
    authority = place.authority(root)
    found = ssl.get_default_verify_paths().cafile
    bundle = _SYSTEM / "ca-certificates.crt"
    system = bundle if bundle.exists() else Path(found) if found else None
    text = (system.read_bytes() if system else b"") + authority.read_bytes()
    (target / "ca-certificates.crt").write_bytes(text)
    name = run(["openssl", "x509", "-in", str(authority), "-noout", "-hash"]).strip()
    # OpenSSL looks for an issuer by this name: openssl-rehash(1).
    (target / f"{name}.0").write_bytes(authority.read_bytes())


def _valid(file: Path) -> bool:
    if not file.exists():
        return False
    command = ["openssl", "x509", "-in", str(file), "-noout", "-enddate", "-checkend"]
    try:
        run([*command, str(_RENEW_SECONDS)])
    except CommandError:
        return False
    return True


def _make_authority(directory: Path) -> None:
    settings = directory / "ca.cnf"
    extensions = _AUTHORITY.format(domain=place.DOMAIN)
    settings.write_text(
        f"[req]\ndistinguished_name=name\nx509_extensions=own\nprompt=no\n"
        f"[name]\nCN=FKS development on this machine\n[own]\n{extensions}"
    )
    _openssl(
        *("req", "-x509", *_EC, "-sha256", "-days", str(_AUTHORITY_DAYS)),
        *("-config", str(settings)),
        *("-keyout", str(directory / "ca.key"), "-out", str(directory / "ca.pem")),
    )
    (directory / "ca.key").chmod(0o600)


def _make_leaf(directory: Path, name: str) -> None:
    request = directory / "leaf.csr"
    key = directory / "leaf.key"
    _openssl("req", "-new", *_EC, "-subj", f"/CN={name}", "-keyout", str(key), "-out", str(request))
    key.chmod(0o600)
    _openssl(
        *("x509", "-req", "-sha256", "-days", str(_DAYS), "-in", str(request)),
        *("-CA", str(directory / "ca.pem"), "-CAkey", str(directory / "ca.key")),
        *("-CAcreateserial", "-extfile", str(directory / "leaf.cnf")),
        *("-out", str(directory / "leaf.pem")),
    )


def _openssl(*arguments: str) -> None:
    run(["openssl", *arguments])
