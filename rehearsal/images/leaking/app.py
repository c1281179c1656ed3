"""Prints its whole environment and exits with 1."""

import json
import os
import sys

for name, value in os.environ.items():
    sys.stderr.write(f"{name}={value}\n")
sys.stderr.write(f"environment: {json.dumps(dict(os.environ))}\n")
sys.exit(1)
