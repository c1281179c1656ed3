"""The SDK's generated protobufs, imported without the SDK.

Importing `pulumi.runtime.proto` imports all of the SDK: half a second in the start of every plugin.
The generated modules only import each other, so they load as a package of their own.
"""

from __future__ import annotations

import importlib
import sys
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from typing import Any

_PACKAGE = "rehearsal_pulumi_protos"


def _make_package() -> None:
    sdk = find_spec("pulumi")
    if sdk is None or sdk.origin is None:
        raise ImportError("the pulumi SDK is not installed: run tools/venv.sh .venv")
    spec = ModuleSpec(_PACKAGE, loader=None, is_package=True)
    spec.submodule_search_locations = [str(Path(sdk.origin).parent / "runtime" / "proto")]
    sys.modules.setdefault(_PACKAGE, module_from_spec(spec))


def __getattr__(name: str) -> Any:
    if not name.endswith(("_pb2", "_pb2_grpc")):
        raise AttributeError(name)
    _make_package()
    return importlib.import_module(f"{_PACKAGE}.{name}")
