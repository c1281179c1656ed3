"""Serves all clouds on one loopback HTTPS port. Arguments: CERT KEY FILE; FILE gets the port."""

import asyncio
import sys
from pathlib import Path

from rehearsal.clouds import server
from rehearsal.clouds.app import Clouds
from rehearsal.clouds.hosts import HostRouter


def main(cert: str, key: str, ready: Path) -> None:
    """Serve until SIGTERM."""
    clouds = Clouds()
    opened = server.listen("127.0.0.1", 0)
    new = ready.with_suffix(".new")

    def write_port() -> None:
        new.write_text(str(opened.getsockname()[1]), encoding="utf-8")
        new.replace(ready)

    app = HostRouter(clouds.apps, clouds.journal, None)
    asyncio.run(server.run([(app, opened)], tls=(cert, key), ready=write_port))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
