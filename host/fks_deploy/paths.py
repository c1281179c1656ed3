"""The paths of a deploy on a server."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Paths:
    """All paths below one root, which is `/` on a server."""

    root: Path = Path("/")

    @property
    def incoming(self) -> Path:
        return self.root / "var/lib/fks/incoming"

    @property
    def releases(self) -> Path:
        return self.root / "opt/fks/releases"

    @property
    def current(self) -> Path:
        return self.root / "opt/fks/current"

    @property
    def role(self) -> Path:
        return self.root / "etc/fks/role"

    @property
    def container(self) -> Path:
        """Exists where this server is a container, as in the rehearsal."""
        return self.root / "run/systemd/container"

    @property
    def drift_accepted(self) -> Path:
        """What is not ours and no drift, in lines "KIND NAME" that a person writes."""
        return self.root / "etc/fks/drift-accepted"

    @property
    def removed_deploy_keys(self) -> Path:
        """Public keys that are removed and not yet proved to be refused."""
        return self.root / "var/lib/fks/removed-deploy-keys"

    @property
    def secrets(self) -> Path:
        return self.root / "etc/fks/secrets"

    @property
    def previous_secrets(self) -> Path:
        """Values that a rotation has replaced and not yet proved to be refused."""
        return self.root / "etc/fks/secrets-previous"

    @property
    def docker_config(self) -> Path:
        return self.root / "etc/fks/docker"

    @property
    def acme_dns_token(self) -> Path:
        return self.root / "etc/fks/certbot/cloudflare.ini"

    @property
    def resolv_conf(self) -> Path:
        return self.root / "etc/resolv.conf"

    @property
    def letsencrypt(self) -> Path:
        return self.root / "etc/letsencrypt"

    @property
    def tls(self) -> Path:
        return self.root / "var/lib/fks/tls"

    @property
    def reload_needed(self) -> Path:
        """Marker: nginx may not have loaded its newest files."""
        return self.root / "var/lib/fks/reload-needed"

    @property
    def deep(self) -> Path:
        """What nginx answers to /health/deep."""
        return self.root / "var/lib/fks/deep"

    @property
    def server_addresses(self) -> Path:
        """The variables <ROLE>_SERVER_IP of the last deploy."""
        return self.root / "var/lib/fks/server-addresses.env"

    @property
    def lib(self) -> Path:
        return self.root / "var/lib/fks/lib"

    @property
    def nginx(self) -> Path:
        return self.root / "var/lib/fks/nginx"

    @property
    def web(self) -> Path:
        """The static builds, which the edge serves."""
        return self.root / "var/lib/fks/web"

    @property
    def alert_webhook(self) -> Path:
        """The URL of fks:alertWebhook; does not exist without one."""
        return self.root / "etc/fks/alert-webhook"

    @property
    def backup(self) -> Path:
        """Settings and secrets of the repository for backups, for root only."""
        return self.root / "etc/fks/backup"

    @property
    def backups(self) -> Path:
        """Dumps, copies of the rest, and by default the repository."""
        return self.root / "var/backups/fks"

    @property
    def dumps(self) -> Path:
        """The dumps of all databases."""
        return self.backups / "postgres"

    @property
    def pitr(self) -> Path:
        """Base backups of the API's database, and its write-ahead log since."""
        return self.backups / "pitr"

    @property
    def certificates(self) -> Path:
        """By data set and snapshot: what a restore of it has proved."""
        return self.root / "var/lib/fks/backups"

    @property
    def backup_lock(self) -> Path:
        return self.root / "var/lib/fks/backup.lock"

    @property
    def watch(self) -> Path:
        """What the last run of the watch found."""
        return self.root / "var/lib/fks/watch.json"

    @property
    def day(self) -> Path:
        """The usage of the last day."""
        return self.root / "var/lib/fks/usage-day"

    @property
    def drift(self) -> Path:
        """What the last check for drift found."""
        return self.root / "var/lib/fks/drift.json"

    @property
    def peaks(self) -> Path:
        """The largest values of CPU, memory and disk, by day."""
        return self.root / "var/lib/fks/peaks.json"

    @property
    def queue_samples(self) -> Path:
        """Which tasks were the newest of their queues, and when."""
        return self.root / "var/lib/fks/queue-samples.json"

    @property
    def updates(self) -> Path:
        """Which packages have newer versions."""
        return self.root / "var/lib/fks/updates.json"

    @property
    def stopped(self) -> Path:
        """The markers of stacks that are stopped."""
        return self.root / "var/lib/fks/stopped"

    @property
    def restore(self) -> Path:
        """How far the restore of each data set is."""
        return self.root / "var/lib/fks/restore"

    @property
    def upgrades(self) -> Path:
        """The state of upgrades of what owns data."""
        return self.root / "var/lib/fks/upgrades"

    @property
    def upgrade_dumps(self) -> Path:
        """The dumps of upgrades, until they are finished."""
        return self.root / "var/backups/fks/upgrade"

    @property
    def journal(self) -> Path:
        return self.root / "var/lib/fks/journal.jsonl"

    @property
    def lock(self) -> Path:
        return self.root / "var/lib/fks/deploy.lock"

    @property
    def stack_lock(self) -> Path:
        """Exists while the stack is locked by `fks lock`."""
        return self.root / "var/lib/fks/stack-lock.json"

    @property
    def maintenance(self) -> Path:
        """The pages of maintenance mode, and its marker."""
        return self.root / "var/lib/fks/maintenance"

    @property
    def transfer(self) -> Path:
        """Exists while the server is closed for the move of its data."""
        return self.root / "var/lib/fks/transfer.json"

    @property
    def maintenance_marker(self) -> Path:
        """Exists while maintenance is on."""
        return self.maintenance / "on"

    @property
    def log(self) -> Path:
        return self.root / "var/log/fks/deploy.log"

    @property
    def upgrade_log(self) -> Path:
        return self.root / "var/log/fks/upgrade-os.log"

    @property
    def written(self) -> tuple[Path, ...]:
        """The directories that a deploy or a rollback writes to; each may be a file system."""
        names = ("etc/fks", "var/lib/fks", "var/lib/docker", "var/log/fks", "tmp")
        return (self.releases, *(self.root / name for name in names))

    @property
    def units(self) -> Path:
        """The systemd units of the host scripts."""
        return self.root / "etc/systemd/system"

    @property
    def bootstrap_options(self) -> Path:
        """The options of the last bootstrap of all steps."""
        return self.root / "var/lib/fks/bootstrap-options"

    @property
    def host_bundles(self) -> Path:
        return self.root / "usr/local/lib/fks"
