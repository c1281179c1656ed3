"""Runs one Pulumi program: reads its orders as JSON from stdin, then runs as if started by hand.

Started by the language host as a file, in a process of its own. Ends with 0, or with 1 after it has
told the engine what went wrong: the program's own `RunError` as its text, any other exception with
a traceback of the program's frames.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import runpy
import signal
import sys
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pulumi
import pulumi.runtime

INTERRUPTED = 130
POLL_SECONDS = 0.5


def traceback_below(directory: Path, error: BaseException) -> str:
    """The traceback from the first frame in the program's directory on, or else all of it."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [i for i, frame in enumerate(frames) if Path(frame.filename).is_relative_to(directory)]
    kept = traceback.StackSummary.from_list(frames[own[0] :] if own else frames)
    title = "Traceback (most recent call last):\n"
    return "".join([title, *kept.format(), *traceback.format_exception_only(error)])


def make_loop(parallel: int) -> asyncio.AbstractEventLoop:
    """The program's event loop, wide enough for the engine's parallelism."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    loop.set_default_executor(ThreadPoolExecutor(max_workers=max(parallel, 1) * 4))
    # Resources that never resolve because another one failed are no news to the user.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    return loop


def run(order: dict[str, Any]) -> None:
    """Run the program in the runtime that the order describes."""
    pulumi.runtime.set_all_config(order["config"], order["secret_keys"])
    pulumi.runtime.configure(pulumi.runtime.Settings(**order["settings"]))
    directory = Path(order["directory"]).resolve()
    entry = str(directory / order["entry"])
    os.chdir(directory)
    sys.argv = [entry, *order["arguments"]]
    sys.path.insert(0, str(directory))

    def program() -> None:
        runpy.run_path(entry, run_name="__main__")

    loop = make_loop(order["settings"]["parallel"])
    loop.run_until_complete(pulumi.runtime.run_in_stack(program))


def end_with(parent: int) -> None:
    """End this process when the host that started it has gone."""
    while os.getppid() == parent:
        time.sleep(POLL_SECONDS)
    os._exit(1)


def main() -> None:
    """Read the order, run, and report."""
    # The engine interrupts a program whose update has failed or is cancelled: nothing to report.
    signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
    order = json.load(sys.stdin)
    try:
        run(order)
    except pulumi.RunError as error:
        pulumi.log.error(str(error))
    except Exception as error:  # noqa: BLE001 - whatever the program raised is for the engine to show
        report = traceback_below(Path(order["directory"]).resolve(), error)
        pulumi.log.error(f"Program failed with an unhandled exception:\n{report}")
    else:
        return
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(1)


if __name__ == "__main__":
    main()
