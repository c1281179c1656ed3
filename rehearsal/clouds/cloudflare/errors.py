"""Cloudflare's envelope for failures, with its own codes and texts."""

from typing import Any

from rehearsal.clouds.errors import CloudError, unsupported


def envelope(code: int, message: str) -> dict[str, Any]:
    """The body of any failure."""
    return {
        "result": None,
        "success": False,
        "errors": [{"code": code, "message": message}],
        "messages": [],
    }


def failed(status: int, code: int, message: str) -> CloudError:
    """Any failure by number."""
    return CloudError(status, envelope(code, message))


def record_not_found() -> CloudError:
    """404: no such record."""
    return failed(404, 81044, "Record does not exist.")


def zone_not_found(zone_id: str) -> CloudError:
    """404: no such zone."""
    path = f"/client/v4/zones/{zone_id}"
    return failed(
        404, 7003, f"Could not route to {path}, perhaps your object identifier is invalid?"
    )


def invalid_token() -> CloudError:
    """401: no token, or one that is not a rehearsal's."""
    return failed(401, 1000, "Invalid API Token")


def identical() -> CloudError:
    """400: name, type and content are all there already."""
    return failed(400, 81058, "An identical record already exists.")


def host_taken() -> CloudError:
    """400: a CNAME beside an address of the same name."""
    return failed(400, 81053, "An A, AAAA, or CNAME record with that host already exists.")


def cname_taken() -> CloudError:
    """400: an address beside a CNAME of the same name."""
    return failed(
        400,
        81054,
        "A CNAME record with that host already exists. For more details, refer to "
        "<https://developers.cloudflare.com/dns/manage-dns-records/troubleshooting/"
        "records-with-same-name/>.",
    )


def unknown_parameter(name: str) -> CloudError:
    """501: a filter the stand-in would have to ignore."""
    return unsupported(envelope(501, f"The stand-in does not know the parameter {name}"))
