#!/bin/sh
# Like the published image's: starts the API whatever it is told.
exec python -m uvicorn fastapi_main:app --host 0.0.0.0 --port 8000
