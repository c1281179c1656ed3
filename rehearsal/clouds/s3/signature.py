"""Checks the signature of a request to S3.

https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
"""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote

_HEADER = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<scope>\d{8}/[^/]+/s3/aws4_request), ?"
    r"SignedHeaders=(?P<headers>[a-z0-9;-]+), ?Signature=(?P<signature>[0-9a-f]{64})"
)
_HASH = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class Signed:
    """What is signed. `path` is as it was sent, `headers` are by names in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]

    def signature(self, secret: str, scope: str, names: Sequence[str]) -> str:
        """By this secret key; `names` are the headers that are signed."""
        pairs = sorted(parse_qsl(self.query, keep_blank_values=True))
        canonical = "\n".join(
            (
                self.method,
                self.path,
                "&".join(f"{quote(name, safe='')}={quote(text, safe='')}" for name, text in pairs),
                *(f"{name}:{' '.join(self.headers.get(name, '').split())}" for name in names),
                "",
                ";".join(names),
                self.headers.get("x-amz-content-sha256", ""),
            )
        )
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        date = self.headers.get("x-amz-date", "")
        key = f"AWS4{secret}".encode()
        for part in (*scope.split("/"), f"AWS4-HMAC-SHA256\n{date}\n{scope}\n{digest}"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return key.hex()


def access_key(authorization: str) -> str:
    """The access key that a request names; empty for a request without one."""
    found = _HEADER.fullmatch(authorization)
    return found["key"] if found else ""


def is_right(secret: str, request: Signed, body: bytes) -> bool:
    """Whether the secret key has signed the request, and the body unless its header says that it
    is not signed."""
    found = _HEADER.fullmatch(request.headers.get("authorization", ""))
    content = request.headers.get("x-amz-content-sha256", "")
    if not found or (_HASH.fullmatch(content) and content != hashlib.sha256(body).hexdigest()):
        return False
    signature = request.signature(secret, found["scope"], found["headers"].split(";"))
    return hmac.compare_digest(signature, found["signature"])
