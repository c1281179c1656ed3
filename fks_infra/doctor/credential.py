"""A credential that a question cannot be asked without."""

from collections.abc import Mapping

from fks_infra.clouds import credentials as credential
from fks_infra.clouds.http import RefusedError
from fks_infra.doctor.findings import CannotTellError


def needed(environ: Mapping[str, str], name: str) -> str:
    """Its value; CannotTellError where it is missing or broken, which another check examines."""
    try:
        value = credential.read(environ, name)
    except RefusedError:
        raise CannotTellError(credential.flaw(name)) from None
    if not value:
        raise CannotTellError(f"{name} is not set")
    return value
