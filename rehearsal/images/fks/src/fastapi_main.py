"""The module of the published API's command `uvicorn fastapi_main:app`."""

from standin.api import app  # type: ignore[import-not-found]

__all__ = ["app"]
