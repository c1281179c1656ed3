"""`fks init --github`: prints, and on request writes, what the repository needs."""

import re
from collections.abc import Iterator, Mapping

from fks_infra.clouds.github import GitHub
from fks_infra.clouds.http import RejectedError
from fks_infra.config.pulumi_cli import run as run_command
from fks_infra.delivery.repository import (
    ENTRIES,
    ENVIRONMENTS,
    ISSUER,
    RUNNER_TAG,
    subject,
    write,
)
from fks_infra.errors import OperatorError

_REMOTE = re.compile(r"github\.com[:/](?P<name>[\w.-]+/[\w.-]+?)(?:\.git)?/?$")
_TAILNET = """Tailnet. The runner joins it under the tag {tag}:

  1. pulumi config set --path 'fks:tailnetOperators[1]' {tag}
     then merge what fks tailnet policy prints, which gives the tag SSH and HTTPS to the servers.
  2. Tailscale's console, Settings, Trust credentials, Credential, OpenID Connect:
       issuer   {issuer}
       subject  {subject}
       scope    auth_keys (write), tag {tag}
     Its client id and audience are TAILNET_CLIENT_ID and TAILNET_AUDIENCE.
     Without OpenID Connect: an OAuth client with the scope auth_keys and the tag {tag};
     its id and secret are TAILNET_CLIENT_ID and TAILNET_CLIENT_SECRET.
"""
_NOTES = """Notes:

- Required reviewers are not used: in a private repository they need GitHub Enterprise.
- A private repository on GitHub Free has no environments. Then set the names of production as
  secrets and variables of the repository, and those of preview not at all: pull requests get the
  comment of fks impact, which needs none.
- Code of a branch can read the secrets of preview, with the passphrase all secrets of the stack.
  Leave the environment preview empty unless everybody who may push branches may know them.
"""


def repository_of(given: str) -> str:
    """OWNER/NAME: as given, or of the remote origin; OperatorError for neither."""
    if given:
        if not re.fullmatch(r"[\w.-]+/[\w.-]+", given):
            raise OperatorError(f"--repository is {given!r}; write OWNER/NAME.")
        return given
    remote = run_command(["git", "config", "--default", "", "--get", "remote.origin.url"]).strip()
    found = _REMOTE.search(remote)
    if found is None:
        raise OperatorError(
            "The remote origin is not a repository on github.com. Write --repository OWNER/NAME."
        )
    return found["name"]


def text(repository: str) -> str:
    """Everything the repository needs, with the commands; no value of a secret."""
    return "\n".join(_lines(repository))


def write_all(repository: str, environ: Mapping[str, str]) -> str:
    """Create environments and variables through GitHub's API; what was done, a line each."""
    own = {**environ, "GITHUB_REPOSITORY": repository}
    try:
        done = list(write(GitHub.from_environ(own), environ))
    except RejectedError as error:
        raise OperatorError(
            f"{error} It needs a token that may administer {repository} (Administration and "
            f"Environments: write): export GITHUB_TOKEN=..."
        ) from None
    return "\n".join(["Written:", *(f"  {line}" for line in done), ""])


def _lines(repository: str) -> Iterator[str]:
    yield f"Repository {repository} needs this for its workflows."
    yield ""
    yield "Environments (fks init --github --write creates them):"
    yield ""
    for name, branches in ENVIRONMENTS.items():
        yield f"  {name}: {', '.join(branches) or 'all branches'}"
    yield from _commands("Variables", "gh variable set", secret=False)
    yield from _commands(
        "Secrets; each command prompts for the value", "gh secret set", secret=True
    )
    yield ""
    yield _TAILNET.format(tag=RUNNER_TAG, issuer=ISSUER, subject=subject(repository))
    yield _NOTES


def _commands(title: str, command: str, *, secret: bool) -> Iterator[str]:
    yield f"\n{title}:\n"
    for entry in ENTRIES:
        for place, meaning in entry.places.items():
            if entry.secret is secret:
                yield f"  {command} {entry.name} --env {place}   # {meaning}"
