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
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pulumi.runtime.proto import (
        engine_pb2,
        engine_pb2_grpc,
        language_pb2,
        plugin_pb2,
        provider_pb2,
        status_pb2,
    )

__all__ = [
    "engine_pb2",
    "engine_pb2_grpc",
    "language_pb2",
    "plugin_pb2",
    "provider_pb2",
    "status_pb2",
]

_PACKAGE = "rehearsal_pulumi_protos"


def _make_package() -> None:
    sdk = find_spec("pulumi")
    if sdk is None or sdk.origin is None:
        raise ImportError("the pulumi SDK is not installed: run `make install`")
    spec = ModuleSpec(_PACKAGE, loader=None, is_package=True)
    spec.submodule_search_locations = [str(Path(sdk.origin).parent / "runtime" / "proto")]
    sys.modules.setdefault(_PACKAGE, module_from_spec(spec))


def __getattr__(name: str) -> ModuleType:
    if name not in __all__:
        raise AttributeError(name)
    _make_package()
    module = importlib.import_module(f"{_PACKAGE}.{name}")
    globals()[name] = module
    return module
