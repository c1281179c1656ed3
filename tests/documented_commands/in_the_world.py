"""The documented commands that run in a world, in the order of the run."""

from functools import partial

from tests.documented_commands.rows import Place, Run, Wait

operator = partial(Run, place=Place.OPERATOR)
server = partial(Run, place=Place.SERVER)

PYTHON = "/opt/fks/venv/bin/python"
# The stack file as it was before the command.
KEEP = "cp Pulumi.prod.yaml /tmp/stack; trap 'cp /tmp/stack Pulumi.prod.yaml' EXIT"
VALID = f"{PYTHON} -m fks_infra.impact.inventory prod >/dev/null"
HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJmMTVkYjI2ZjY0NzQ1NzE4ZGI1ZmQ3NzE4ZGI1ZmQ3"
SSH_KEY = "echo canary | pulumi config set --secret fks:backupSshKey"
S3_KEY = "echo canary | pulumi config set --secret fks:backupS3Key"
REGISTRY = """'fks:registries["ghcr.io"]'"""
ADDRESSES = (
    f"$(pulumi stack output inventory | {PYTHON} -c 'import json, sys; "
    'print(*(one["address"] for one in json.load(sys.stdin)["servers"].values()))\')'
)
ADDRESS = {"ADDRESS": f"$(set -- {ADDRESSES}; echo $1)"}
TRUST = "mkdir -p ~/.ssh; ssh-keyscan -t ed25519 ADDRESS >>~/.ssh/known_hosts"
COMPOSE = "/usr/local/lib/fks/current/bin/compose"
START, STOP = "scripts/deployment/start-multi.sh", "scripts/deployment/stop-multi.sh"
WRITERS = "api api-2 api-worker api-beat"
BEAT = {"NAME": "fks-api-beat-1"}
STATUS = "$(sudo docker inspect -f '{{.State.Health.Status}}' NAME)"
HEALTHY = f'until [ "{STATUS}" = healthy ]; do sleep 1; done'

# A second release of the API.
SECOND = "echo '# second' >>nginx/vhosts/api.conf.template; pulumi up"


def image(service: str) -> dict[str, str]:
    """The image of a service of the release in service."""
    return {"IMAGE": f"$(sudo {COMPOSE} config --images {service})"}


def or_problem(command: str) -> dict[str, str]:
    """The command may find a problem: the disk, which is that of the machine."""
    return {command: f"{command} || [ $? = 1 ]"}


IN_THE_WORLD = (
    operator(pattern="fks init", stdin=r"\n\n\n\n\n", output="is prepared"),
    operator(pattern="fks tailnet policy", output='"grants"'),
    operator(
        pattern="pulumi config set fks:acmeEabKeyId ID",
        before=f"{KEEP}; echo key | pulumi config set --secret fks:acmeEabHmacKey",
        after=VALID,
    ),
    operator(
        pattern="pulumi config set --secret fks:acmeEabHmacKey",
        before=f"{KEEP}; pulumi config set fks:acmeEabKeyId ID",
        stdin="a2V5",
        after=VALID,
    ),
    operator(
        pattern="pulumi config set --secret fks:KEY [< FILE]",
        fill={"KEY": "acmeDnsToken", "[< FILE]": "</tmp/secret"},
        before=f"{KEEP}; echo canary >/tmp/secret",
        after=VALID,
    ),
    operator(
        pattern="pulumi config set --path fks:*",
        unless="--stack prod|fks:backup",
        fill={
            "sha256:...": f"sha256:{'0' * 64}",
            "NAME:TAG": "docker.io/nuniesmith/fks:api-latest",
            "PLAN": "g6-standard-4",
        },
        before=KEEP,
        after=VALID,
    ),
    operator(pattern="pulumi config set fks:mode single", before=KEEP, after=VALID),
    operator(
        pattern="pulumi config set fks:KEY VALUE",
        fill={"KEY": "region", "VALUE": "ca-central"},
        before=KEEP,
        after=VALID,
    ),
    operator(
        pattern="pulumi config set --path fks:backup.repository s3:https://HOST/BUCKET/PATH",
        fill={"HOST": "s3.example.org", "BUCKET": "fks", "/PATH": ""},
        before=f"{KEEP}; pulumi config set --path fks:backup.s3KeyId id; {S3_KEY}",
        after=VALID,
    ),
    operator(
        pattern="pulumi config set --path fks:backup.bucket REGION/LABEL",
        fill={"REGION/LABEL": "us-ord/fks-documented"},
        before=KEEP,
        after=VALID,
    ),
    operator(
        pattern="pulumi config set --path fks:backup.repository sftp:USER@HOST:/PATH",
        fill={"USER@HOST:/PATH": "fks@backup.example.org:/fks"},
        before=f"{KEEP}; pulumi config set --path fks:backup.hostKey '{HOST_KEY}'; {SSH_KEY}",
        after=VALID,
    ),
    operator(
        pattern="pulumi config set --path fks:backup.hostKey 'ssh-ed25519 AAAA...'",
        fill={"ssh-ed25519 AAAA...": HOST_KEY},
        before=KEEP,
        after=VALID,
    ),
    operator(
        pattern="pulumi config set --path fks:backup.s3KeyId KEY_ID", before=KEEP, after=VALID
    ),
    operator(
        pattern="pulumi config set --secret fks:backupSshKey <FILE",
        fill={"FILE": "/tmp/secret"},
        before=f"{KEEP}; echo canary >/tmp/secret",
        after=VALID,
    ),
    operator(
        pattern="pulumi config set --secret fks:backupS3Key",
        stdin="canary",
        before=KEEP,
        after=VALID,
    ),
    operator(
        pattern="pulumi config set --secret fks:alertWebhook",
        stdin="https://discord.com/api/webhooks/1/rehearsal-canary",
    ),
    operator(pattern="pulumi preview", output="to create"),
    operator(pattern="pulumi preview && pulumi up", output="created"),
    operator(pattern="pulumi up", output="unchanged"),
    operator(pattern="fks doctor", output="tailnet"),
    operator(pattern="fks status", fill=or_problem("fks status"), output="certificates"),
    operator(pattern="fks status api", fill=or_problem("fks status api"), output="certificates"),
    operator(pattern="fks logs", output=" api/edge: "),
    operator(
        pattern="fks status --html status.html",
        fill=or_problem("fks status --html status.html"),
        after="grep -q '</svg>' status.html; rm status.html",
        output="status.html: ",
    ),
    operator(pattern="fks fit api", output="g6-standard-4"),
    operator(
        pattern="fks logs *",
        unless="--dev|api-wal",
        fill={"fks logs -f": "timeout --preserve-status --signal=INT 20 fks logs -f"},
    ),
    operator(pattern="fks ssh *", fill={"SERVER": "web"}, stdin="id -un", output="deploy"),
    operator(pattern="fks exec api -- python --version", output="Python 3"),
    operator(
        pattern="fks exec * -- COMMAND",
        fill={"SERVICE": "auth-server", "SERVER": "web", "COMMAND": "echo done"},
        output="done",
    ),
    operator(pattern="fks psql auth", stdin="SELECT 1;", output="(1 row)"),
    operator(pattern="fks psql api", stdin="SELECT 1;", output="(1 row)"),
    operator(pattern="fks psql api -- *", output="PostgreSQL"),
    operator(pattern="fks redis queue", stdin="PING", output="PONG"),
    operator(pattern="fks redis cache", stdin="PING", output="PONG"),
    operator(pattern="fks redis cache -- INFO memory", output="used_memory"),
    operator(pattern="fks celery", output="worker@"),
    operator(
        pattern="fks celery --purge QUEUE",
        fill={"QUEUE": "trading"},
        output="nothing waits in trading",
    ),
    operator(pattern="fks open*", output="https://"),
    operator(pattern="fks drift", output="no drift: "),
    operator(pattern="fks repair", output="no drift: "),
    operator(pattern="fks history", output="deploy"),
    operator(pattern="fks history api --since 3d", output="deploy"),
    operator(pattern="fks releases", output="in service"),
    operator(pattern="fks releases --json", output='"in_service": true'),
    operator(pattern="fks rollback", code=2, output="SERVER is missing"),
    operator(pattern="fks rotate", code=2, output="Missing argument"),
    # Nobody deletes the old one.
    operator(
        pattern="fks rotate dns-token",
        before="export FKS_ACME_DNS_TOKEN=rehearsal-second",
        stdin="y",
        code=1,
        output="The old dns-token may still be accepted",
    ),
    operator(
        pattern="fks rotate registry",
        before="export FKS_REGISTRY_PASSWORD=canary",
        code=2,
        output="the new registry (hidden) is not accepted",
    ),
    operator(
        pattern="fks rollback SERVER --unpin",
        fill={"SERVER": "web"},
        code=2,
        output="is not pinned",
    ),
    operator(pattern="fks rollback api", before=SECOND, stdin="y", output="is pinned to"),
    operator(pattern="fks rollback api --to 2", code=2, output="It keeps 0"),
    operator(pattern="fks rollback api --unpin", stdin="y", output="not pinned any more"),
    operator(pattern="fks deploy api", stdin="y", output="unchanged"),
    operator(pattern="fks deploy", stdin="n", code=2, output="Deploy all of stack"),
    operator(pattern="fks lock", code=2, output="--reason"),
    operator(pattern="fks lock --reason *", fill={"TEXT": "test"}, after="fks unlock"),
    operator(pattern="fks unlock", output="was not locked"),
    operator(pattern="fks maintenance on*", output="maintenance is on"),
    operator(pattern="fks maintenance off", output="maintenance is off"),
    operator(
        pattern="pulumi config rm --path fks:pin.SERVER",
        fill={"SERVER": "web"},
        before=f"{KEEP}; pulumi config set --path fks:pin.web.digest {'0' * 64}",
        after=VALID,
    ),
    operator(pattern="pulumi stack ls", output="prod"),
    operator(pattern="fks up api", output="unchanged"),
    *(
        operator(pattern=f"scripts/deployment/{name}.sh *", output="unchanged")
        for name in ("provision-server", "setup-server", "deploy-services")
    ),
    operator(pattern="fks stop", output="auth: stopped"),
    operator(pattern="fks start --api", output="api: started"),
    operator(pattern="fks start", output="web: started", wait=Wait.HEALTHY),
    # Without the server's name; tests/world/test_start_stop.py gives it.
    operator(pattern="fks stop --api --cleanup-all", code=2, output="add --yes api"),
    operator(pattern="pulumi up --replace '**api-stack-*'", output="replaced"),
    *(
        operator(pattern=f"{STOP} --{option}", output="web: stopped")
        for option in ("web", "multi", "remote", "force")
    ),
    operator(pattern=f"{STOP} --cleanup-all", code=2, output="add --yes web"),
    operator(pattern=f"{START} --api", output="api: started"),
    operator(pattern=f"{START} --api --gpu", code=2, output="set fks:gpu to true"),
    operator(pattern=f"{START} --multi", output="web: started", wait=Wait.HEALTHY),
    operator(pattern="fks adopt-dns", output="Nothing to adopt"),
    operator(pattern="pulumi stack output inventory", output="publicAddress"),
    operator(pattern="pulumi stack output adminPassword --show-secrets"),
    operator(
        pattern="(umask 077; pulumi config get fks:deployKey > key); ssh -i key deploy@ADDRESS",
        fill=ADDRESS,
        before=TRUST,
        after="rm key",
    ),
    operator(
        pattern="rm PATH/.pulumi/stacks/*/*.attrs",
        fill={"PATH": "/var/lib/fks-state"},
        before=": >PATH/.pulumi/stacks/fks/prod.json.attrs",
        after="pulumi stack >/dev/null",
    ),
    server(pattern="sudo docker ps -a", output="(healthy)"),
    server(pattern="sudo docker logs --tail 100 NAME", fill=BEAT, output="beat"),
    server(pattern="sudo docker logs fks-api-queue-1", output="Ready to accept connections"),
    server(pattern="sudo docker restart NAME", fill=BEAT, after=HEALTHY),
    server(pattern="sudo docker inspect NAME", fill=BEAT, output='"Env"'),
    server(pattern="sudo docker kill NAME", fill=BEAT, after=f"sudo docker start NAME; {HEALTHY}"),
    server(pattern="sudo docker stop NAME", fill=BEAT, after=f"sudo docker start NAME; {HEALTHY}"),
    server(
        pattern="sudo docker network rm NAME",
        fill={"NAME": "made-by-hand"},
        before="sudo docker network create NAME",
    ),
    server(pattern="sudo /usr/local/lib/fks/current/bin/alert --test"),
    server(pattern="sudo /usr/local/lib/fks/current/bin/status", output='"release"'),
    server(pattern="sudo /usr/local/lib/fks/current/bin/drift", output='"deviations": []'),
    server(pattern="sudo /usr/local/lib/fks/current/bin/stack --help", output="Exit 0: done"),
    server(pattern="sudo journalctl -u fks-watch"),
    server(pattern="sudo journalctl -u fks-edge"),
    server(
        pattern=f"sudo {COMPOSE} --profile backup run --rm --no-deps -T db-backup",
        output="backup ok: ",
    ),
    operator(pattern="fks backup", output="auth: ok: snapshot"),
    operator(
        pattern="fks backup [auth|api|all]", fill={" [auth|api|all]": " api"}, output="api: ok: "
    ),
    operator(pattern="fks backups [auth|api|all]", fill={" [auth|api|all]": ""}, output="verdict"),
    operator(
        pattern="fks verify-backup [auth|api|all]",
        fill={" [auth|api|all]": " api --deep"},
        output="api: ok: ",
    ),
    operator(pattern="fks verify-backup", output="api: ok: "),
    operator(pattern="pulumi stack output backupPassword --show-secrets"),
    server(pattern="sudo mv /var/backups/fks/repository/SET *", fill={"/SET": "/api"}),
    server(pattern="sudo rm /var/lib/fks/backups/SET/checked", fill={"SET": "api"}),
    server(
        pattern="sudo /usr/local/lib/fks/current/bin/backup SET",
        fill={"SET": "api"},
        output="proof ok: ",
    ),
    server(
        pattern="sudo journalctl -u fks-backup",
        before="sudo systemctl start fks-backup.service",
        output="proof ok: ",
    ),
    operator(pattern="fks upgrade postgres", output="nothing to do: its data is of PostgreSQL 17"),
    operator(pattern="fks upgrade postgres --back", output="there is nothing to undo"),
    operator(pattern="fks upgrade postgres --finish", output="there is no upgrade to finish"),
    operator(pattern="fks upgrade authentik", output="nothing to do: the database is of Authentik"),
    operator(
        pattern="fks upgrade authentik --rehearse", output="nothing to do: the database is of"
    ),
    operator(pattern="fks upgrade authentik --back", output="there is nothing to undo"),
    operator(pattern="fks upgrade authentik --finish", output="there is no upgrade to finish"),
    operator(pattern="pulumi up --replace '**-bootstrap-scripts'", output="replaced"),
    operator(
        pattern="pulumi up --replace '**-stack-release'",
        # A new release, as a new image of PostgreSQL is: it starts with an empty database.
        before="pulumi config set --path fks:services.api.refresh again; pulumi up",
        output="replaced",
    ),
    server(pattern="sudo docker stop fks-api-queue-1"),
    server(pattern="sudo cp -a /var/lib/docker/volumes/fks_api-queue-data/_data *"),
    server(pattern="echo y | sudo docker run *", fill=image("api-queue"), output="valid"),
    server(pattern="sudo docker start fks-api-queue-1", wait=Wait.HEALTHY),
    # The server is still a member, so the key is not used; tests/world/test_tailnet.py uses one.
    server(
        pattern="sudo tailscale up --auth-key=KEY --hostname=fks-SERVER-INSTANCE *",
        fill={
            "KEY": "not-needed",
            "fks-SERVER-INSTANCE": "$(sudo tailscale status --json | "
            'python3 -c \'import json, sys; print(json.load(sys.stdin)["Self"]["HostName"])\')',
            "--accept-dns=false": "--accept-dns=false "
            "--login-server=https://headscale.rehearsal.internal",
        },
        wait=Wait.HEALTHY,
    ),
    server(pattern="sudo systemctl restart docker", wait=Wait.HEALTHY),
    server(pattern="sudo systemctl reboot", server="web", wait=Wait.REBOOTED),
    operator(pattern="fks upgrade-os --check", output="web"),
    operator(pattern="fks upgrade-os web", stdin="y", output="web", wait=Wait.HEALTHY),
    operator(pattern="fks upgrade-os", stdin="y", wait=Wait.HEALTHY),
    operator(pattern="fks reboot web", stdin="y", output="healthy after", wait=Wait.HEALTHY),
    operator(
        pattern="fks support-bundle",
        after="tar -tzf fks-support-*.tar.gz; rm fks-support-*.tar.gz",
        output="INDEX.md",
    ),
    operator(
        pattern="fks support-bundle --since 2h", after="rm fks-support-*.tar.gz", output="KiB"
    ),
    operator(
        pattern="pulumi stack change-secrets-provider passphrase",
        stdin="$PULUMI_CONFIG_PASSPHRASE\n$PULUMI_CONFIG_PASSPHRASE\n",
        after="pulumi config get fks:deployKey >/dev/null",
    ),
    operator(pattern="pulumi preview --refresh", output="unchanged"),
    operator(pattern="pulumi up --refresh", output="unchanged"),
    operator(pattern="pulumi refresh --clear-pending-creates", output="unchanged"),
    operator(pattern="pulumi cancel"),
    operator(pattern="pulumi config set fks:protect false", after="pulumi up"),
    operator(pattern="pulumi destroy", output="deleted"),
    operator(pattern="pulumi destroy --refresh"),
)
