"""`ak healthcheck`: exits 0 if the server or worker is alive; it queries no database."""

import urllib.request

from .settings import http_address


def main() -> None:
    """Request the health URL of the process in this container."""
    port = http_address()[1]
    urllib.request.urlopen(f"http://127.0.0.1:{port}/-/health/live/", timeout=5).close()


if __name__ == "__main__":
    main()
