"""Stand-in for an application that prints its whole environment before it dies."""

import json
import os
import sys

for name, value in os.environ.items():
    sys.stderr.write(f"{name}={value}\n")
sys.stderr.write(f"environment: {json.dumps(dict(os.environ))}\n")
sys.exit(1)
