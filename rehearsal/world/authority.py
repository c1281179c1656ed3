"""The rehearsal's certificate authority (CA) for the stand-in clouds and registries."""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NAME = "FKS rehearsal authority (not a real one)"
YEAR = dt.timedelta(days=365)


@dataclass(frozen=True)
class Authority:
    """A CA whose ``ca.crt`` and ``ca.key`` are created in a directory on first use."""

    directory: Path

    @property
    def certificate(self) -> Path:
        return self.directory / "ca.crt"

    @property
    def fingerprint(self) -> str:
        """12 digits of the certificate's SHA-256."""
        return hashlib.sha256(self.certificate.read_bytes()).hexdigest()[:12]

    def ensure(self) -> None:
        """Create the CA's key and certificate unless they exist."""
        with self._locked():
            if not self.certificate.exists():
                self._create()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Several worlds share the CA: one at a time writes a key and its certificate."""
        self.directory.mkdir(parents=True, exist_ok=True)
        with (self.directory / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _create(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(_name(NAME), _name(NAME), key.public_key())
        builder = builder.add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        builder = builder.add_extension(_ca_usage(), critical=True)
        _write_key(self.directory / "ca.key", key)
        _write(self.certificate, builder.sign(key, hashes.SHA256()))

    def issue(self, label: str, names: tuple[str, ...]) -> tuple[Path, Path]:
        """Return the paths (certificate, key) for ``names``; creates the files on first use."""
        self.ensure()
        stem = f"{label}-{hashlib.sha256(' '.join(names).encode()).hexdigest()[:12]}"
        certificate, key_file = self.directory / f"{stem}.crt", self.directory / f"{stem}.key"
        with self._locked():
            if not certificate.exists():
                self._sign(certificate, key_file, names)
        return certificate, key_file

    def _sign(self, certificate: Path, key_file: Path, names: tuple[str, ...]) -> None:
        issuer = x509.load_pem_x509_certificate(self.certificate.read_bytes())
        issuer_key = serialization.load_pem_private_key(
            (self.directory / "ca.key").read_bytes(), None
        )
        if not isinstance(issuer_key, ec.EllipticCurvePrivateKey):
            raise TypeError(
                f"{self.directory}/ca.key is not an EC key: remove the directory and run again"
            )
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(_name(names[0]), issuer.subject, key.public_key())
        alternatives = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
        builder = builder.add_extension(alternatives, critical=False)
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
        builder = builder.add_extension(identifier, critical=False)
        _write_key(key_file, key)
        _write(certificate, builder.sign(issuer_key, hashes.SHA256()))


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - dt.timedelta(hours=1)).not_valid_after(now + YEAR)
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)


def _ca_usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )


def _write(path: Path, certificate: x509.Certificate) -> None:
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    path.touch(mode=0o600)
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
