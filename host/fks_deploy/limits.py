"""The values of limits.env that fks_deploy uses. Times are in seconds."""

import ipaddress
from pathlib import Path

from . import env_file

FILE = Path(__file__).resolve().parent.parent / "limits.env"
_values = env_file.parse(FILE.read_text(encoding="utf-8"))

EDGE_PORT = int(_values["EDGE_PORT"])
EDGE_USER_ID = int(_values["EDGE_USER_ID"])
TAILNET_RANGE = ipaddress.IPv4Network(_values["TAILNET_RANGE"])
DEPLOY_TIMEOUT = int(_values["DEPLOY_TIMEOUT_SECONDS"])
PULL_TIMEOUT = float(_values["PULL_TIMEOUT_SECONDS"])
HEALTHY_TIMEOUT = float(_values["HEALTHY_TIMEOUT_SECONDS"])
PROBE_TIMEOUT = float(_values["PROBE_TIMEOUT_SECONDS"])
DEFAULT_LOCK_WAIT = float(_values["DEFAULT_LOCK_WAIT_SECONDS"])
LOCK_MESSAGE_INTERVAL = float(_values["LOCK_MESSAGE_SECONDS"])
