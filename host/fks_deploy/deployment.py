"""One deploy: its steps in order. What each does is in the modules named like it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from . import activation, bundle, certificates, images, nginx, probe, release, retention, secrets
from .activation import Limits
from .compose import QUICK, Compose, Service
from .order import Order
from .paths import Paths
from .shell import Shell


@dataclass(frozen=True)
class Step:
    """A part of a deploy; `act` returns a word for the operator. A failure of a step that
    `affects` what is in service puts the previous release back."""

    name: str
    act: Callable[[], str]
    affects: bool = False


class Deployment:
    """One release on its way into service on this server."""

    def __init__(
        self, paths: Paths, shell: Shell, order: Order, digest: str, limits: Limits, refresh: bool
    ) -> None:
        self.paths = paths
        self.shell = shell
        self.order = order
        self.digest = digest
        self.limits = limits
        self.images = {} if refresh else images.recorded(paths.releases / digest)
        self.pulls: set[str] = set()

    def steps(self) -> tuple[Step, ...]:
        """Everything before `render` leaves what is in service alone."""
        return (
            Step("verify", lambda: bundle.verify(self.paths, self.digest)),
            Step("unpack", self.unpack),
            Step("secrets", self.secrets),
            Step("config", self.config),
            Step("login", self.login),
            Step("pull", self.pull),
            Step("certificates", self.certificates),
            Step("render", lambda: activation.install(self.compose), affects=True),
            Step("up", lambda: activation.start(self.compose, self.limits), affects=True),
            Step("nginx", self.nginx, affects=True),
            Step("probe", self.probe, affects=True),
            Step("switch", self.switch, affects=True),
            Step("prune", self.prune),
        )

    @cached_property
    def release(self) -> release.Release:
        """The unpacked release."""
        return release.load(self.paths.releases / self.digest)

    @property
    def compose(self) -> Compose:
        """Compose with the images resolved so far."""
        return Compose(self.shell, self.paths, self.release, self.order.address, self.images)

    @cached_property
    def services(self) -> list[Service]:
        """The services with their images as release.env names them."""
        return replace(self.compose, images={}).services()

    def unpack(self) -> str:
        word = bundle.unpack(self.paths, self.digest)
        release.check_server(self.release, self.paths.role)
        return word

    def secrets(self) -> str:
        written = secrets.write(self.paths.secrets, self.order.secrets)
        return f"written: {', '.join(written)}" if written else "unchanged"

    def config(self) -> str:
        self.compose.check()
        activation.configuration(self.compose)
        names = {service.image for service in self.services}
        self.images = {name: self.images.get(name, name) for name in names}
        self.pulls = images.to_pull(self.shell, names, self.images)
        return f"{len(self.services)} services"

    def login(self) -> str:
        if not self.pulls or not self.order.registries:
            return "not needed"
        for registry in self.order.registries:
            words = ["docker", "login", "--username", registry.username, "--password-stdin"]
            env = {"DOCKER_CONFIG": str(self.paths.docker_config)}
            self.shell.run(
                [*words, registry.server], timeout=QUICK, stdin=registry.password, env=env
            )
        return ", ".join(registry.server for registry in self.order.registries)

    def pull(self) -> str:
        """Before anything stops. Afterwards the release is bound to exactly these images."""
        if self.pulls:
            names = [service.name for service in self.services if service.image in self.pulls]
            replace(self.compose, images={}).pull(names, self.limits.pull)
            self.images |= images.resolve(self.shell, self.pulls)
        images.record(self.release.directory, self.images)
        return f"{len(self.pulls)} images" if self.pulls else "all images are here"

    def certificates(self) -> str:
        """Into certbot's directory; the edge gets them with its configuration. Without one there
        is no release."""
        store = certificates.Store(self.shell, self.paths, self.release.authority)
        return store.ensure(self.release.certificates, self.order.dns_token)

    def nginx(self) -> str:
        nginx.reload(self.compose)
        return "tested and reloaded"

    def probe(self) -> str:
        for one in self.release.probes:
            probe.wait(one, self.order.address, self.limits.probe)
        return ", ".join(one.name for one in self.release.probes)

    def switch(self) -> str:
        link = self.paths.current.with_name(".current.new")
        link.unlink(missing_ok=True)
        link.symlink_to(Path("releases", self.digest))
        link.replace(self.paths.current)
        retention.mark(self.release.directory)
        return ""

    def prune(self) -> str:
        secrets.remove_others(self.paths.secrets, self.order.secrets)
        return retention.prune(self.shell, self.paths)
