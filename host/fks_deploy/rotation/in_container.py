"""Programs in the running container of a service, with a password on standard input."""

from dataclasses import dataclass

from ..compose import COMMAND_TIMEOUT, Compose
from ..errors import DeployError
from ..shell import Result


@dataclass(frozen=True)
class InContainer:
    """A service, and the file in its tmpfs from which its health check reads the password: the
    mounted secret is that of the container's start."""

    compose: Compose
    service: str
    live_file: str

    def shell(self, script: str, stdin: str) -> Result:
        """Run a script by the container's sh; the output is not redacted. Error: DeployError
        without a running container."""
        compose = self.compose
        line = compose.command_line("exec", "-T", self.service, "sh", "-c", script)
        name = f"a login in {self.service}"
        done = compose.shell.attempt(
            line, name=name, timeout=COMMAND_TIMEOUT, stdin=stdin, env=compose.env()
        )
        if "is not running" in done.err:
            raise DeployError(
                f"the password of {self.service} cannot be changed, because it does not run. "
                f"Nothing was changed in it; start it with fks start, then run the same again"
            )
        return done

    def write_live(self, password: str) -> None:
        """Error: DeployError."""
        script = f"umask 077; cat >{self.live_file}.new && mv {self.live_file}.new {self.live_file}"
        if not self.shell(script, password).ok:
            raise DeployError(f"{self.live_file} of {self.service} cannot be written")
