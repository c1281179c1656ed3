"""The command line of the real client, as far as the stand-in honours it."""

import argparse
from pathlib import Path

from tailnet_standin import NOTICE

LOGIN_SERVER = "https://controlplane.tailscale.com"
UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


def duration(text: str) -> float:
    """Seconds from a Go duration such as 60s or 5m; 0 is for ever."""
    if text == "0":
        return 0.0
    for unit in sorted(UNITS, key=len, reverse=True):
        number = text.removesuffix(unit)
        if number != text and number.replace(".", "", 1).isdigit():
            return float(number) * UNITS[unit]
    raise argparse.ArgumentTypeError(f"{text!r} is no duration, write for example 60s")


def boolean(text: str) -> bool:
    """A Go boolean."""
    if text.lower() not in ("true", "false", "1", "0"):
        raise argparse.ArgumentTypeError(f"{text!r} is neither true nor false")
    return text.lower() in ("true", "1")


def auth_key(text: str) -> str:
    """A key as it is, or read from file:PATH."""
    if not text.startswith("file:"):
        return text
    try:
        return Path(text.removeprefix("file:")).read_text(encoding="utf-8").strip()
    except OSError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from problem


def parser() -> argparse.ArgumentParser:
    """All commands."""
    top = argparse.ArgumentParser(prog="tailscale", description=f"tailscale: {NOTICE}")
    commands = top.add_subparsers(dest="command", required=True)
    _up(commands.add_parser("up", help="join the tailnet"))
    commands.add_parser("down", help="take this machine off, staying registered")
    commands.add_parser("logout", help="leave the tailnet")
    commands.add_parser("version", help="print the version")
    address = commands.add_parser("ip", help="print this machine's addresses")
    address.add_argument("-4", dest="four", action="store_true", help="IPv4 only")
    address.add_argument("-6", dest="six", action="store_true", help="IPv6 only")
    address.add_argument("-1", dest="one", action="store_true", help="one address only")
    status = commands.add_parser("status", help="print the state")
    status.add_argument("--json", action="store_true")
    status.add_argument("--peers", type=boolean, nargs="?", const=True, default=True)
    wait = commands.add_parser("wait", help="wait until the address is there")
    wait.add_argument("--timeout", type=duration, default=0.0)
    return top


def _up(command: argparse.ArgumentParser) -> None:
    command.add_argument("--auth-key", "--authkey", type=auth_key, default="")
    command.add_argument("--hostname", default="")
    command.add_argument("--login-server", default="")
    command.add_argument("--timeout", type=duration, default=0.0)
    command.add_argument("--advertise-tags", default="")
    for name in ("--force-reauth", "--reset", "--accept-risk", "--ssh"):
        command.add_argument(name, nargs="?", const="true", default="")
    # Taken and without effect here: there is neither DNS nor routing nor filtering to set up.
    for name in ("--accept-dns", "--accept-routes", "--snat-subnet-routes", "--netfilter-mode"):
        command.add_argument(name, nargs="?", const="true", default="")
