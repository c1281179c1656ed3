"""Runs the program against a recording monitor and in-memory clouds; `declare` returns the run."""

import asyncio
import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.runtime import rpc, set_all_config
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks, set_mocks

from fks_infra import interrupt
from fks_infra.clouds import http
from fks_infra.config import settings as configuration
from fks_infra.config.schema import OPTIONAL_SECRETS
from fks_infra.paths import PROJECT_ROOT
from fks_infra.preflight import state as stack_state
from tests.in_memory_clouds import InMemoryClouds

STACK = "prod"
TOKENS = {
    "LINODE_TOKEN": "rehearsal-linode",
    "CLOUDFLARE_API_TOKEN": "rehearsal-cloudflare",
    "TAILSCALE_API_KEY": "rehearsal-tailscale",
}

# The signals that programs of hosts catch or ignore.
ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGALRM, signal.SIGHUP)

# Finished runs by their arguments. Tests only read them.
RUNS: dict[str, "DeclaredProgram"] = {}


@dataclass(frozen=True, kw_only=True)
class KeyPair:
    """A throw-away SSH key pair, as OpenSSH writes it."""

    private: str = field(repr=False)
    public: str


@dataclass(frozen=True, kw_only=True)
class Registered:
    """One registration: type, name, inputs (secrets opened, unknowns as `Unknown`), raw request."""

    type: str
    name: str
    inputs: dict[str, Any]
    secret_inputs: frozenset[str]
    request: Any


@dataclass(frozen=True, kw_only=True)
class DeclaredProgram:
    """Everything that a finished run registered, requested from the clouds and exported."""

    resources: tuple[Registered, ...]
    requests: tuple[http.Request, ...]
    exports: Mapping[str, Any]
    warnings: tuple[str, ...]

    def all(self, type_suffix: str) -> list[Registered]:
        """Registrations whose type token ends with this."""
        return [resource for resource in self.resources if resource.type.endswith(type_suffix)]

    def one(self, name: str) -> Registered:
        """The registration of this name."""
        (found,) = [resource for resource in self.resources if resource.name == name]
        return found

    def after(self, name: str) -> set[str]:
        """The names of the resources that a resource depends on."""
        return {urn.split("::")[-1] for urn in self.one(name).request.dependencies}

    def urn(self, name: str) -> str:
        """The URN of a registration, from the types of its parents."""
        found = self.one(name)
        parent = found.request.parent.split("::")[2] + "$" if found.request.parent else ""
        own = f"urn:pulumi:prod::fks::{parent}{found.type}::{name}"
        return own.replace("pulumi:pulumi:Stack$", "")


Declare = Callable[..., DeclaredProgram]
BOTH = pytest.mark.parametrize("mode", ["multi", "single"])


class RecordingMocks(Mocks):
    """Returns the outputs of the providers that the program reads."""

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        state = {**opened(args.inputs)}
        identifier = f"{args.name}-id"
        if args.typ == "linode:index/instance:Instance":
            identifier = str(1000 + len(args.name))
            addresses = {"ipv4s": ["198.51.100.20"], "ipv6": "2001:db8::20/128"}
            state |= {**addresses, "disks": [{"size": 25600}]}
        elif args.typ == "linode:index/firewall:Firewall":
            identifier = "77"
        elif args.typ == "linode:index/objectStorageBucket:ObjectStorageBucket":
            state |= {"s3Endpoint": f"{state['region']}-1.linodeobjects.com"}
        elif args.typ == "linode:index/objectStorageKey:ObjectStorageKey":
            state |= {"accessKey": "KEYID", "secretKey": "bucket-key-canary"}
        elif args.typ == "tailscale:index/tailnetKey:TailnetKey":
            state |= {"key": "tskey-auth-canary"}
        elif args.typ == "random:index/randomPassword:RandomPassword":
            state |= {"result": f"{args.name}-canary"}
        elif args.typ == "command:local:Command":
            found = {"address": "100.64.0.9", "host_key": "ssh-ed25519 AAAAHOST"}
            state |= {"stdout": json.dumps(found)}
        return identifier, state

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        raise AssertionError(f"the program invoked {args.token}; it must invoke nothing")


class RecordingMonitor(MockMonitor):
    """Records each raw registration."""

    def __init__(self, mocks: Mocks) -> None:
        super().__init__(mocks)
        self.registered: list[Registered] = []

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 (the SDK's name)
        if request.type != "pulumi:pulumi:Stack":
            raw = rpc.deserialize_properties(request.object, keep_unknowns=True)
            self.registered.append(
                Registered(
                    type=request.type,
                    name=request.name,
                    inputs=opened(raw),
                    secret_inputs=frozenset(k for k, v in raw.items() if holds_secret(v)),
                    request=request,
                )
            )
        return super().RegisterResource(request)  # type: ignore[no-untyped-call]


def opened(value: Any) -> Any:
    """The value without the wrappers that mark secrets."""
    if rpc.is_rpc_secret(value):
        return opened(rpc.unwrap_rpc_secret(value))
    if isinstance(value, dict):
        return {key: opened(item) for key, item in value.items()}
    return [opened(item) for item in value] if isinstance(value, list) else value


def holds_secret(value: Any) -> bool:
    """Whether a secret is anywhere in the value."""
    if rpc.is_rpc_secret(value):
        return True
    if isinstance(value, dict):
        return any(holds_secret(item) for item in value.values())
    return isinstance(value, list) and any(holds_secret(item) for item in value)


@pytest.fixture(autouse=True)
def event_loop() -> None:
    """A `pulumi.Output` needs one, and `asyncio.run` of an earlier test removed it."""
    try:
        asyncio.get_event_loop_policy().get_event_loop()
    except RuntimeError:
        asyncio.set_event_loop(asyncio.new_event_loop())


@pytest.fixture(autouse=True)
def process_state() -> Iterator[None]:
    """Restore what a program of hosts set: a process inherits the signals that its parent ignores,
    so that the processes of later tests would not end, and files get other modes by its umask."""
    before = {number: signal.getsignal(number) for number in ENDING}
    umask = os.umask(0o022)
    os.umask(umask)
    yield
    os.umask(umask)
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture(scope="session")
def key_pair(tmp_path_factory: pytest.TempPathFactory) -> KeyPair:
    """Made by ssh-keygen, as `fks init` makes the real one."""
    path = tmp_path_factory.mktemp("key") / "deploy"
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "fks", "-f", str(path)]
    subprocess.run(command, check=True)
    return KeyPair(private=path.read_text(), public=path.with_suffix(".pub").read_text().strip())


@pytest.fixture
def stack_config(key_pair: KeyPair) -> Callable[..., dict[str, str]]:
    """A valid configuration as the engine passes it, with `fks:` values changed by keyword."""

    def build(**changes: Any) -> dict[str, str]:
        values: dict[str, Any] = {
            "mode": "multi",
            "domain": "fkstrading.xyz",
            "deployPublicKey": key_pair.public,
            "deployKey": key_pair.private,
            "acmeDnsToken": "canary-dns-token",
            **changes,
        }
        return {
            f"fks:{key}": value if isinstance(value, str) else json.dumps(value)
            for key, value in values.items()
            if value is not None
        }

    return build


@pytest.fixture
def settings(stack_config: Callable[..., dict[str, str]]) -> Callable[..., configuration.Settings]:
    """Parsed settings, with `fks:` values changed by keyword."""

    def build(**changes: Any) -> configuration.Settings:
        return configuration.parse(
            STACK, stack_config(**changes), frozenset({"fks:deployKey", "fks:acmeDnsToken"}), TOKENS
        )[0]

    return build


@pytest.fixture
def declare(
    stack_config: Callable[..., dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> Iterator[Declare]:
    """Run the whole program, until every registration is done."""
    monkeypatch.chdir(PROJECT_ROOT)
    for name, value in TOKENS.items():
        monkeypatch.setenv(name, value)

    def run(
        *,
        preview: bool = False,
        stack: str = STACK,
        account: Mapping[str, Any] | None = None,
        state: Mapping[str, Any] | None = None,
        **changes: Any,
    ) -> DeclaredProgram:
        """`account` is what Linode already has, `state` the stack's exported state."""
        key = json.dumps([preview, stack, account, state, changes], sort_keys=True)
        if key not in RUNS:
            monkeypatch.setattr(stack_state, "read", lambda _: stack_state.snapshot(state or {}))
            RUNS[key] = run_once(preview, stack, account or {}, changes)
        return RUNS[key]

    def run_once(
        preview: bool, stack: str, account: Mapping[str, Any], changes: dict[str, Any]
    ) -> DeclaredProgram:
        clouds = InMemoryClouds(account)
        monkeypatch.setattr(http, "exchange", clouds.exchange)
        mocks = RecordingMocks()
        monitor = RecordingMonitor(mocks)
        set_mocks(mocks, project="fks", stack=stack, preview=preview, monitor=monitor)
        optional = (f"fks:{name}" for name in OPTIONAL_SECRETS)
        secret = ["fks:deployKey", "fks:acmeDnsToken", *optional]
        set_all_config(stack_config(**changes), secret)
        exports: dict[str, Any] = {}
        caplog.clear()
        run_program(exports)
        warnings = tuple(r.getMessage() for r in caplog.records if r.levelname == "WARNING")
        return DeclaredProgram(
            resources=tuple(monitor.registered),
            requests=tuple(clouds.requests),
            exports=exports,
            warnings=warnings,
        )

    yield run
    set_all_config({}, [])


def run_program(exports: dict[str, Any]) -> None:
    """`__main__.py` in a Pulumi run, its exports resolved into `exports`."""

    @pulumi.runtime.test  # type: ignore[untyped-decorator]
    def program() -> pulumi.Output[None]:
        found: dict[str, Any] = {}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pulumi, "export", found.__setitem__)
            # The process is pytest's.
            patch.setattr(interrupt, "exit_on_interrupt", lambda: None)
            source = (Path(PROJECT_ROOT) / "__main__.py").read_text()
            exec(compile(source, "__main__.py", "exec"), {"__name__": "__main__"})
        return pulumi.Output.from_input(found).apply(exports.update)

    program()
