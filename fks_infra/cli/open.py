"""`fks open`: a page of the stack in the browser."""

import os
import sys
import webbrowser

from fks_infra.operate import urls


def run(stack: str, page: str) -> None:
    """Print the page's URL; open it where there is a display."""
    url = urls.url(stack, page)
    sys.stdout.write(f"{url}\n")
    if _has_display():
        webbrowser.open(url)


def _has_display() -> bool:
    """Without one, `webbrowser` would start a browser in the terminal."""
    return sys.platform in ("darwin", "win32") or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )
