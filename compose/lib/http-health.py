"""Health check of an HTTP service inside its own container: `http-health.py URL`.

Exits with 0 when the answer is JSON whose `status` is healthy or ok. The HTTP status is not enough:
the images' fallback server answers 200 to every path.
"""

import json
import sys
import urllib.error
import urllib.request

HEALTHY = ("healthy", "ok")


def fetch(url: str) -> bytes:
    """The body of the answer. Error: SystemExit, with the body of an error answer."""
    try:
        with urllib.request.urlopen(url, timeout=8) as answer:
            body: bytes = answer.read(4096)
    except urllib.error.HTTPError as error:
        body = error.read(4096)
        raise SystemExit(f"{url} answered {error.code}: {body[:200]!r}") from error
    except OSError as error:
        raise SystemExit(f"{url} did not answer: {error}") from error
    return body


def main(url: str) -> None:
    """Fetch `url` once and check its body. Error: SystemExit."""
    body = fetch(url)
    try:
        status = json.loads(body)["status"]
    except (ValueError, KeyError, TypeError) as error:
        raise SystemExit(f"{url} did not answer JSON with a status: {body[:200]!r}") from error
    if status not in HEALTHY:
        raise SystemExit(f"{url} has status {status!r}, expected one of {', '.join(HEALTHY)}")


if __name__ == "__main__":
    main(sys.argv[1])
