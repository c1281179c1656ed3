"""The reason in certbot's output when it issues no certificate."""

import re

_REASON_LENGTH = 600
_PROBLEM = re.compile(r"^ *Domain: (.+)\n *Type: +(.+)\n *Detail: (.+)$", re.MULTILINE)
# A warning of Python: one line with the place in the code, then indented lines. python3-cloudflare
# prints one with a banner of 13 lines at each call of the API.
_WARNING = re.compile(r"^\S+:\d+: \w*Warning:.*\n(?:[ \t].*\n?)*", re.MULTILINE)
# Lines that certbot prints around the reason.
_NOISE = (
    "Saving debug log",
    "Ask for help",
    "An unexpected error occurred:",
    "Failure in setting up challenges",
    "Some challenges have failed",
    "Encountered exception during recovery",
)


def reason(out: str, err: str) -> str:
    """The reason in one line. Failed names are on standard output, every other error is on standard
    error."""
    problems = [f"{domain}: {detail} ({kind})" for domain, kind, detail in _PROBLEM.findall(out)]
    lines = [line.strip() for line in _WARNING.sub("", err).splitlines()]
    reasons = problems or [line for line in lines if line and not line.startswith(_NOISE)]
    unique = dict.fromkeys(text.rstrip(".") for text in reasons)
    return "; ".join(unique)[:_REASON_LENGTH] or "certbot printed no reason"
