"""Files of NAME=value lines: release.env, limits.env, /etc/fks/role."""


def parse(text: str) -> dict[str, str]:
    """NAME=value lines, as Compose reads them without quotes; `#` starts a comment line."""
    lines = (line.strip() for line in text.splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs}
