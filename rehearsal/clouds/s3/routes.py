"""The S3 API of Object Storage. The host's name has the region, the path the bucket.

The keys are those that the account has made. Requests that restic does not make are unknown: they
fail the run.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from fastapi import APIRouter, Request, Response

from rehearsal.clouds.http import METHODS, ApiFormat
from rehearsal.clouds.linode.object_storage import DOMAIN, ObjectStorage
from rehearsal.clouds.s3 import signature
from rehearsal.clouds.s3.objects import Objects, etag

_PAGE = 1000
_XMLNS = "http://s3.amazonaws.com/doc/2006-03-01/"
_WRITES = frozenset({"PUT", "DELETE"})

# Each request has a signature, which `S3` checks: it knows the bucket and the body.
FORMAT = ApiFormat(
    authorise=lambda _request: None,
    error_body=lambda status, text: {"Code": str(status), "Message": text},
    result=lambda _request, value: value,
)


class S3Error(Exception):
    """An answer other than success, with S3's code; `headers` mark an unknown request. As Ceph's,
    it has no message."""

    def __init__(self, status: int, code: str, message: str = "", **headers: str) -> None:
        super().__init__(message)
        self.status, self.code, self.headers = status, code, headers

    def answer(self) -> Response:
        body = f"<Error><Code>{self.code}</Code><Message>{escape(str(self))}</Message></Error>"
        return Response(body, self.status, self.headers, "application/xml")


@dataclass(frozen=True)
class S3:
    """The buckets and keys, and the objects."""

    storage: ObjectStorage
    objects: Objects

    def state(self) -> dict[str, list[str]]:
        """The keys of the objects by REGION/BUCKET, for the control API."""
        return {"/".join(bucket): self.objects.keys(bucket) for bucket in self.storage.buckets}

    def router(self) -> APIRouter:
        """Everything below /."""
        routes = APIRouter()

        async def serve(request: Request) -> Response:
            try:
                return self._answer(request, await request.body())
            except S3Error as error:
                return error.answer()

        routes.add_api_route("/{path:path}", serve, methods=METHODS)
        return routes

    def _answer(self, request: Request, body: bytes) -> Response:
        bucket, key = _place(request)
        self._authorise(request, body, bucket)
        if bucket not in self.storage.buckets:
            raise S3Error(404, "NoSuchBucket")
        if key:
            return self._object(request, bucket, key, body)
        if request.method == "HEAD":
            return Response()
        if request.method == "GET" and "location" in request.query_params:
            return _xml("LocationConstraint", "")
        if request.method == "GET" and request.query_params.get("list-type") == "2":
            return self._list(request, bucket)
        raise _unknown(request)

    def _authorise(self, request: Request, body: bytes, bucket: tuple[str, str]) -> None:
        key = self.storage.key_named(signature.access_key(request.headers.get("authorization", "")))
        if key is None:
            raise S3Error(403, "InvalidAccessKeyId")
        signed = signature.Signed(
            method=request.method,
            path=request.scope["raw_path"].decode().partition("?")[0],
            query=request.url.query,
            headers=dict(request.headers),
        )
        if not signature.is_right(key.secret_key, signed, body):
            raise S3Error(403, "SignatureDoesNotMatch")
        permission = key.permission(*bucket)
        if not permission or (permission != "read_write" and request.method in _WRITES):
            raise S3Error(403, "AccessDenied")

    def _object(self, request: Request, bucket: tuple[str, str], key: str, body: bytes) -> Response:
        if request.query_params or request.method not in ("GET", "HEAD", *_WRITES):
            raise _unknown(request)
        if request.method == "DELETE":
            self.objects.delete(bucket, key)
            return Response(status_code=204)
        if request.method == "PUT":
            if request.headers.get("x-amz-content-sha256", "").startswith("STREAMING-"):
                raise _unknown(request)
            return Response(headers={"etag": self.objects.put(bucket, key, body)})
        content = self.objects.get(bucket, key)
        if content is None:
            raise S3Error(404, "NoSuchKey")
        return _content(content, request.headers.get("range", ""))

    def _list(self, request: Request, bucket: tuple[str, str]) -> Response:
        asked = request.query_params
        prefix, delimiter = asked.get("prefix", ""), asked.get("delimiter", "")
        after = asked.get("continuation-token") or asked.get("start-after", "")
        keys = self.objects.keys(bucket, prefix)
        names = list(dict.fromkeys(_folded(keys, prefix, delimiter)))
        names = [name for name in names if name > after]
        shown, rest = names[:_PAGE], names[_PAGE:]
        parts = [
            f"<Name>{escape(bucket[1])}</Name><Prefix>{escape(prefix)}</Prefix>"
            f"<KeyCount>{len(shown)}</KeyCount><MaxKeys>{_PAGE}</MaxKeys>"
            f"<IsTruncated>{str(bool(rest)).lower()}</IsTruncated>"
        ]
        if rest:
            parts.append(f"<NextContinuationToken>{escape(shown[-1])}</NextContinuationToken>")
        for name in shown:
            if delimiter and name.endswith(delimiter):
                folder = f"<Prefix>{escape(name)}</Prefix>"
                parts.append(f"<CommonPrefixes>{folder}</CommonPrefixes>")
            else:
                parts.append(self._entry(bucket, name))
        return _xml("ListBucketResult", "".join(parts))

    def _entry(self, bucket: tuple[str, str], key: str) -> str:
        content = self.objects.get(bucket, key) or b""
        return (
            f"<Contents><Key>{escape(key)}</Key><Size>{len(content)}</Size>"
            f"<LastModified>2026-01-01T00:00:00.000Z</LastModified>"
            f"<ETag>{escape(etag(content))}</ETag><StorageClass>STANDARD</StorageClass></Contents>"
        )


def _place(request: Request) -> tuple[tuple[str, str], str]:
    """Region and bucket, and the key of the object, empty for the bucket itself."""
    region = (request.url.hostname or "").removesuffix(f"-1.{DOMAIN}")
    label, _, key = request.path_params["path"].partition("/")
    return (region, label), key


def _folded(keys: Iterable[str], prefix: str, delimiter: str) -> Iterable[str]:
    """Keys, and for those with the delimiter after the prefix what is up to it."""
    for key in keys:
        head, found, _ = key.removeprefix(prefix).partition(delimiter or "\0")
        yield f"{prefix}{head}{found}" if found else key


def _content(content: bytes, wanted: str) -> Response:
    headers = {
        "etag": etag(content),
        "last-modified": "Thu, 01 Jan 2026 00:00:00 GMT",
        "accept-ranges": "bytes",
    }
    if not wanted:
        return Response(content, 200, headers, "application/octet-stream")
    first, _, last = wanted.removeprefix("bytes=").partition("-")
    start, end = int(first), min(int(last or len(content) - 1), len(content) - 1)
    if start >= len(content):
        raise S3Error(416, "InvalidRange")
    headers["content-range"] = f"bytes {start}-{end}/{len(content)}"
    return Response(content[start : end + 1], 206, headers, "application/octet-stream")


def _xml(name: str, inside: str) -> Response:
    return Response(f'<{name} xmlns="{_XMLNS}">{inside}</{name}>', media_type="application/xml")


def _unknown(request: Request) -> S3Error:
    asked = f"{request.method} {request.url.path}?{request.url.query}"
    text = f"The stand-in of S3 does not know {asked}"
    return S3Error(501, "NotImplemented", text, **{"x-rehearsal": "unknown"})
