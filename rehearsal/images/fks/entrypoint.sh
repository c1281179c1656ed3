#!/bin/sh
# Starts the API and ignores its arguments, like the published image's entrypoint.
exec python -m uvicorn fastapi_main:app --host 0.0.0.0 --port 8000
