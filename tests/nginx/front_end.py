"""Serves the files of a directory on 127.0.0.1:8080, and index.html for other paths: `front_end.py
DIRECTORY`. Runs in a container that shares the edge's network; standard library only.
"""

import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class FrontEnd(SimpleHTTPRequestHandler):
    """A single-page application."""

    def translate_path(self, path: str) -> str:
        """The file of a path."""
        found = super().translate_path(path)
        return found if Path(found).is_file() else f"{self.directory}/index.html"


if __name__ == "__main__":
    handler = partial(FrontEnd, directory=sys.argv[1])
    ThreadingHTTPServer(("127.0.0.1", 8080), handler).serve_forever()
