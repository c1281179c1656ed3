"""The steps of one deploy, in order."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from . import (
    activation,
    alert_webhook,
    bundle,
    certificates,
    images,
    release,
    release_probes,
    retention,
    rollback,
    secrets,
    served_builds,
    server_addresses,
    static_builds,
    stops,
)
from .background import Background
from .backup import settings, setup
from .compose import COMMAND_TIMEOUT, Compose, Service
from .deploy_request import DeployRequest
from .disk_space import Reserve
from .errors import DeployError
from .paths import Paths
from .rotation import rotation
from .shell import Shell
from .timeouts import Timeouts
from .upgrade import deploy as upgrade


@dataclass(frozen=True)
class Step:
    """`run` returns a short note for the operator, or "". When a step with `changes_service` fails,
    a rollback follows."""

    name: str
    run: Callable[[], str]
    changes_service: bool = False


class Deployment:
    """One deploy of one release on this server."""

    def __init__(
        self,
        paths: Paths,
        shell: Shell,
        request: DeployRequest,
        digest: str,
        timeouts: Timeouts,
        *,
        refresh_images: bool,
    ) -> None:
        self.paths = paths
        self.shell = shell
        self.request = request
        self.digest = digest
        self.timeouts = timeouts
        self.refresh_images = refresh_images
        self.images: dict[str, str] = {}
        self.pulls: set[str] = set()
        self.reserve = Reserve()
        self.issuing = Background("certificates", self.issue)

    def result(self) -> str:
        """What the deploy has changed, in one line. fks_infra/components/stopped_stacks.py reads
        the line about stopped stacks."""
        stopped = stops.load(self.paths)
        if not stopped:
            return f"release {self.digest[:12]} is in service"
        return f"NOT STARTED: {stops.sentence(stopped)}; release {self.digest[:12]} is installed"

    def steps(self) -> tuple[Step, ...]:
        """No step before `render` changes the release in service."""
        return (
            Step("disk", self.disk),
            Step("verify", lambda: bundle.verify(self.paths, self.digest)),
            Step("unpack", self.unpack),
            Step("secrets", self.secrets),
            Step("config", self.config),
            Step("login", self.login),
            Step("pull", self.pull),
            Step("data", lambda: upgrade.check(self.compose)),
            Step("build", self.build),
            Step("certificates", self.certificates),
            Step("render", lambda: activation.install(self.compose), changes_service=True),
            Step("rotate", self.rotate, changes_service=True),
            Step("up", lambda: activation.start(self.compose, self.timeouts), changes_service=True),
            Step("nginx", self.nginx, changes_service=True),
            Step("probe", self.probe, changes_service=True),
            Step("switch", self.switch, changes_service=True),
            Step("upgrade", lambda: upgrade.complete(self.compose)),
            Step("revoke", self.revoke),
            Step("backup", self.backup),
            Step("prune", self.prune),
        )

    @cached_property
    def release(self) -> release.Release:
        """The unpacked release."""
        return release.load(self.paths.releases / self.digest)

    @property
    def compose(self) -> Compose:
        """Compose with the images resolved so far."""
        return Compose(self.shell, self.paths, self.release, self.request.address, self.images)

    @cached_property
    def services(self) -> list[Service]:
        """The services with their image names from release.env."""
        return replace(self.compose, images={}).all_services()

    @cached_property
    def build_images(self) -> set[str]:
        """The image names of static builds, which no service has."""
        return {self.release.env[build.image] for build in self.release.builds}

    def disk(self) -> str:
        return self.reserve.take(self.paths, bundle.size(self.paths, self.digest))

    def unpack(self) -> str:
        note = bundle.unpack(self.paths, self.digest)
        release.check_server(self.release, self.paths.role)
        return note

    def secrets(self) -> str:
        """Only those that are new: a changed one may be in service (step `rotate`)."""
        written = secrets.write(self.paths.secrets, self.request.secrets, replace=False)
        written += alert_webhook.write(self.paths.alert_webhook, self.request.alert_webhook)
        written += settings.write(self.paths, self.request.backup)
        return f"written: {', '.join(written)}" if written else "unchanged"

    def config(self) -> str:
        server_addresses.refresh(self.paths, self.release.env)
        self.compose.check()
        activation.configuration(self.compose)
        names = {service.image for service in self.services} | self.build_images
        self.images = images.known(self.shell, names, self._resolved())
        self.pulls = images.to_pull(self.shell, names, self.images)
        return f"{len(self.services)} services"

    def _resolved(self) -> dict[str, str]:
        """Image name -> image, as this release or the current one resolved it."""
        if self.refresh_images:
            return {}
        carried = images.carried(rollback.current(self.paths), self.release.env)
        return carried | images.recorded(self.release.directory)

    def login(self) -> str:
        if not self.pulls or not self.request.registries:
            return "not needed"
        for registry in self.request.registries:
            command = ["docker", "login", "--username", registry.username, "--password-stdin"]
            self.shell.run(
                [*command, registry.server],
                timeout=COMMAND_TIMEOUT,
                stdin=registry.password,
                env={"DOCKER_CONFIG": str(self.paths.docker_config)},
            )
        return ", ".join(registry.server for registry in self.request.registries)

    def pull(self) -> str:
        """Pull while the old release runs and certificates are issued, then record which image each
        name resolves to."""
        self.issuing.start()
        if self.pulls:
            names = [service.name for service in self.services if service.image in self.pulls]
            self.compose.pull(names, self.timeouts.pull)
            builds = {self.images[name] for name in self.pulls & self.build_images}
            images.pull(self.shell, builds, self.compose.env(), self.timeouts.pull)
            resolved = images.resolve(self.shell, (self.images[name] for name in self.pulls))
            self.images |= {name: resolved[self.images[name]] for name in self.pulls}
        images.record(self.release.directory, self.images)
        return f"{len(self.pulls)} images" if self.pulls else "all images are local"

    def build(self) -> str:
        """Make the static builds while the old release runs, and record what is served."""
        current = rollback.current(self.paths)
        notes, served = [], {}
        for build in self.release.builds:
            image = self.images[self.release.env[build.image]]
            notes.append(static_builds.make(self.shell, self.paths, build, image))
            new = static_builds.identifier(image, build.root)
            served[build.name] = served_builds.served(self.paths, current, build.name, new)
        served_builds.record(self.release.directory, served)
        return ", ".join(notes) or "none"

    def certificates(self) -> str:
        """Wait for those that have been issued since the step `pull`."""
        return self.issuing.result()

    def issue(self) -> str:
        """Into certbot's directory; the step `render` copies them for the edge."""
        store = certificates.Store(self.shell, self.paths, self.release.authority)
        token, account = self.request.acme_dns_token, self.request.acme_account
        return store.ensure(self.release.certificates, token, account)

    def close(self, error: BaseException) -> None:
        """After the failure of a step: end what runs beside the steps and free the reserve."""
        self.issuing.close(error)
        self.reserve.release()

    def rotate(self) -> str:
        return rotation.begin(self.compose, self.request.secrets)

    def revoke(self) -> str:
        return rotation.finish(self.compose, self.request.secrets)

    def nginx(self) -> str:
        return activation.reload(self.compose)

    def probe(self) -> str:
        return release_probes.run(self.compose, self.timeouts.probe)

    def switch(self) -> str:
        # Everything that needs space comes before the switch.
        retention.mark_deployed(self.release.directory)
        link = self.paths.current.with_name(".current.new")
        link.unlink(missing_ok=True)
        link.symlink_to(Path("releases", self.digest))
        link.replace(self.paths.current)
        return ""

    def backup(self) -> str:
        """The release is in service; without a repository only the next backup fails."""
        try:
            return setup.ensure_all(self.paths, self.shell)
        except (DeployError, OSError) as error:
            return f"NOT READY: {error}"

    def prune(self) -> str:
        """The release is in service already, so a failure is a note; the next deploy repeats it."""
        try:
            secrets.remove_others(self.paths.secrets, self.request.secrets)
            return retention.prune(self.shell, self.paths)
        except (DeployError, OSError) as error:
            return f"NOT COMPLETE: {error}"
