"""What a deploy printed about stacks that the operator has stopped."""

import re

import pulumi

# host/fks_deploy/deployment.py prints it.
_NOTICE = re.compile(r"^NOT STARTED: (.+); release \w+ is installed$", re.MULTILINE)


def found(printed: str) -> str:
    """Such as "api is stopped since TIME by WHO"; empty when the deploy started everything."""
    match = _NOTICE.search(printed)
    return match[1] if match else ""


def notice(stack: str, printed: str) -> str:
    """The same, after a warning in the display of pulumi.

    Preview and `up` show it until the next deploy, because only a deploy connects to the server.
    """
    text = found(printed)
    if text:
        pulumi.log.warn(
            f"{stack}: at its last deploy {text}: the release was installed and not started. "
            f"fks status shows whether it is started meanwhile, fks start starts it."
        )
    return text
