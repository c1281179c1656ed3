"""Health check of an HTTP service inside its own container: `http-health.py URL`.

Exits 0 only when the answer is JSON whose `status` is healthy or ok. A status code alone proves
nothing: a fallback server that knows no route answers 200 as well.
"""

import json
import sys
import urllib.error
import urllib.request

HEALTHY = ("healthy", "ok")


def fetch(url: str) -> bytes:
    """The answer's body, also of an error answer, because that says what is wrong."""
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
    """Fetch `url` once and judge its body."""
    body = fetch(url)
    try:
        status = json.loads(body)["status"]
    except (ValueError, KeyError, TypeError) as error:
        raise SystemExit(f"{url} answered no JSON with a status: {body[:200]!r}") from error
    if status not in HEALTHY:
        raise SystemExit(f"{url} says status {status!r}, not one of {', '.join(HEALTHY)}")


if __name__ == "__main__":
    main(sys.argv[1])
