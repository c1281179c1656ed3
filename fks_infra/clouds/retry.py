"""Calls to a cloud from a hook: off the event loop, with patience, and errors for the operator."""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from fks_infra.clouds.http import RefusedError, UnavailableError
from fks_infra.errors import OperatorError

T = TypeVar("T")

PATIENCE = 60.0
_PAUSE = 2.0


async def retry(ask: Callable[[], T]) -> T:
    """The answer, asked again for a minute while the cloud is busy; OperatorError when refused."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return await asyncio.to_thread(ask)
        except RefusedError as error:
            raise OperatorError(str(error)) from error
        except UnavailableError as error:
            if time.monotonic() >= until:
                text = f"{error}, for {PATIENCE:.0f} s. Run pulumi again in a while."
                raise OperatorError(text) from error
        await asyncio.sleep(_PAUSE)
