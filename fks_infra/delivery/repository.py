"""What the repository on GitHub needs: environments, variables, and secrets by name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fks_infra.clouds.credentials import BUCKET_RIGHT, CLOUDFLARE_RIGHTS, LINODE_RIGHTS
from fks_infra.clouds.github import GitHub

PRODUCTION, PREVIEW = "production", "preview"
# deploy.yml gives this tag to its machine.
RUNNER_TAG = "tag:fks-ci"
ISSUER = "https://token.actions.githubusercontent.com"
# Environment to the branches that may use it; none means all. Reviewers are not used: in private
# repositories they need GitHub Enterprise.
ENVIRONMENTS: Mapping[str, tuple[str, ...]] = {PRODUCTION: ("main",), PREVIEW: ()}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A variable or a secret: environment to its rights or its meaning there."""

    name: str
    secret: bool
    places: Mapping[str, str]


def _both(name: str, meaning: str, *, secret: bool) -> Entry:
    return Entry(name=name, secret=secret, places={PRODUCTION: meaning, PREVIEW: meaning})


_BACKEND_KEY = "for a bucket as backend: read and write; leave it unset with Pulumi Cloud"
ENTRIES = (
    _both("PULUMI_BACKEND_URL", "the state's backend; empty: Pulumi Cloud", secret=False),
    _both("PULUMI_ACCESS_TOKEN", "for Pulumi Cloud as backend; else unset", secret=True),
    _both("AWS_ACCESS_KEY_ID", _BACKEND_KEY, secret=True),
    _both("AWS_SECRET_ACCESS_KEY", _BACKEND_KEY, secret=True),
    _both("PULUMI_CONFIG_PASSPHRASE", "decrypts the stack; unset with Pulumi Cloud", secret=True),
    Entry(
        name="LINODE_TOKEN",
        secret=True,
        places={
            PRODUCTION: f"{LINODE_RIGHTS}; {BUCKET_RIGHT}",
            PREVIEW: "may be read-only: Linodes, Firewall, Events, and for fks:backup.bucket "
            "Object Storage",
        },
    ),
    Entry(
        name="CLOUDFLARE_API_TOKEN",
        secret=True,
        places={
            PRODUCTION: CLOUDFLARE_RIGHTS,
            PREVIEW: "may be read-only: Zone:Read and DNS:Read",
        },
    ),
    Entry(
        name="TAILSCALE_OAUTH_CLIENT_ID",
        secret=False,
        places={PRODUCTION: "the id of that client", PREVIEW: "the id of that client"},
    ),
    Entry(
        name="TAILSCALE_OAUTH_CLIENT_SECRET",
        secret=True,
        places={
            PRODUCTION: "an OAuth client that carries fks:tailnetTag: auth_keys, devices:core, "
            "policy_file:read",
            PREVIEW: "may be read-only: auth_keys:read, devices:core:read",
        },
    ),
    Entry(
        name="TAILNET_CLIENT_ID",
        secret=False,
        places={PRODUCTION: "the id of the trust, or of the OAuth client, below"},
    ),
    Entry(
        name="TAILNET_AUDIENCE",
        secret=False,
        places={PRODUCTION: "the audience of the trust; unset with an OAuth client"},
    ),
    Entry(
        name="TAILNET_CLIENT_SECRET",
        secret=True,
        places={PRODUCTION: "only with an OAuth client instead of the trust"},
    ),
)


def subject(repository: str) -> str:
    """The subject of the deploy job's identity. One that ends in `pull_request` would fit any
    workflow of the repository."""
    return f"repo:{repository}:environment:{PRODUCTION}"


def write(github: GitHub, environ: Mapping[str, str]) -> Iterator[str]:
    """Create what is missing and set variables that `environ` has; a line for each thing done.

    Secrets are never written. Raises RejectedError, UnavailableError; it may be run again.
    """
    for name, branches in ENVIRONMENTS.items():
        yield from _environment(github, name, branches)
        for entry in ENTRIES:
            if not entry.secret and name in entry.places and environ.get(entry.name):
                yield _variable(github, name, entry.name, environ[entry.name])


def _environment(github: GitHub, name: str, branches: tuple[str, ...]) -> Iterator[str]:
    custom = {"protected_branches": False, "custom_branch_policies": True}
    body = {"deployment_branch_policy": custom if branches else None}
    github.call("PUT", f"/environments/{name}", body)
    yield f"environment {name}"
    if not branches:
        return
    path = f"/environments/{name}/deployment-branch-policies"
    present = {row["name"] for row in github.call("GET", path)["branch_policies"]}
    for branch in branches:
        if branch not in present:
            github.call("POST", path, {"name": branch})
        yield f"environment {name}: for the branch {branch} only"


def _variable(github: GitHub, place: str, name: str, value: str) -> str:
    path = f"/environments/{place}/variables"
    if github.find(f"{path}/{name}") is None:
        github.call("POST", path, {"name": name, "value": value})
    else:
        github.call("PATCH", f"{path}/{name}", {"name": name, "value": value})
    return f"variable {name} in {place}"
