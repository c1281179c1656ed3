"""The module the published API is started from: `uvicorn fastapi_main:app`."""

from standin.api import app  # type: ignore[import-not-found]

__all__ = ["app"]
