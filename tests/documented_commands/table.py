"""How each documented command is run, or why it is run by no test."""

from functools import partial

from tests.documented_commands.in_the_world import IN_THE_WORLD
from tests.documented_commands.rows import By, InTest, Outside, Place, Run

here = partial(Run, place=Place.HERE)
machine = partial(Run, place=Place.MACHINE)

# Exit code of `fks impact` for changes without downtime
CHANGED = 10
INSTALL = "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt"

IN_THE_CHECKOUT = (
    here(pattern="make", output="make rehearse"),
    here(pattern="make docs", after="git diff --exit-code docs"),
    here(pattern="make preview", output="to create", mark="contract"),
    here(
        pattern=".venv/bin/python -m pytest tests/fks_infra/config/test_settings.py -q",
        output=" passed",
    ),
    here(pattern="fks impact", code=CHANGED, output="Changes without downtime"),
    here(pattern="fks impact --engine", code=CHANGED, output="downtime", mark="contract"),
    here(pattern="fks impact --base origin/main", code=CHANGED, output="web"),
    here(pattern="fks impact --base v1.4.0 --stack dev", code=CHANGED, output="single"),
    here(pattern="fks impact --json", code=CHANGED, output='"exit_code": 10'),
    here(
        pattern='fks impact --markdown --rest "$GITHUB_STEP_SUMMARY"',
        code=CHANGED,
        output="**Changes without downtime",
    ),
    here(
        pattern=".venv/bin/python -m fks_infra.impact.inventory STACK",
        fill={"STACK": "prod"},
        output='"servers"',
    ),
    here(
        pattern=".venv/bin/python -m rehearsal impact --base REF",
        fill={"REF": "HEAD"},
        output="{}",
        mark="contract",
    ),
    here(pattern="fks --help", output="Set up"),
    here(pattern="fks --install-completion", output="completion installed"),
    here(pattern=".venv/bin/python -m rehearsal game-day --list", output="disk-full"),
    here(pattern="fks explain 8000", output="container fks-api-1"),
    here(pattern="fks cost", output="multi costs $14 a month less"),
    here(pattern="fks init --github", output="Repository fks/infra needs this"),
    here(pattern="fks init --github --write", output="environment production"),
    here(
        pattern=INSTALL,
        before="rm -r .venv",
        after=".venv/bin/python -c 'import pulumi'",
        mark="full",
    ),
    here(
        pattern=".venv/bin/pip install --no-deps -e . && . .venv/bin/activate",
        before=f"rm -r .venv; {INSTALL}",
        after=".venv/bin/fks --help",
        output="Usage: fks",
        mark="full",
    ),
)

ON_THE_MACHINE = (
    machine(pattern=".venv/bin/python -m rehearsal rehearse --config *", output="example.org"),
    machine(pattern="make rehearse", output="report.json"),
    machine(pattern=".venv/bin/python -m rehearsal exec pulumi stack output", output="inventory"),
    machine(
        pattern="make game-day",
        fill={"game-day": "game-day FAULT=disk-full"},
        output="1 of 1 faults",
    ),
    machine(pattern="make game-day FAULT=disk-full", output="1 of 1 faults"),
    machine(pattern=".venv/bin/python -m rehearsal fault *", fill={"CLOUD": "linode"}),
    machine(pattern="make rehearse-shell", stdin="fks --help", output="Usage: fks"),
    machine(pattern="make rehearse-down", output="container fks"),
)

BY_OTHERS = (
    By(pattern="make check", workflow="check.yml"),
    By(pattern='.venv/bin/python -m pytest -m "not world and not full"', workflow="check.yml"),
    By(pattern="make test", workflow="rehearsal.yml"),
    By(pattern="fks github *", workflow="deploy.yml"),
)

RESTORE = partial(InTest, test="tests/world/test_restore.py")
MOVE = partial(InTest, test="tests/world/test_migrate.py")
LEGACY = partial(InTest, test="tests/world/test_migrate_legacy.py")
DEV = partial(InTest, test="tests/world/test_dev.py")
DRILL = partial(InTest, test="tests/world/test_drills.py")
IN_TESTS = (
    InTest(
        pattern="fks scale api g6-standard-4",
        test="tests/world/test_scale.py",
        words='"scale", "api", LARGER',
    ),
    InTest(
        pattern="fks rotate deploy-key",
        test="tests/world/test_rotate_keys.py",
        words="fks rotate deploy-key",
    ),
    InTest(
        pattern="fks rotate backup-key",
        test="tests/world/test_backup_bucket.py",
        words='"rotate", "backup-key"',
    ),
    InTest(pattern="fks rotate SECRET", test="tests/world/test_rotate.py", words="fks rotate {"),
    DRILL(pattern=".venv/bin/python -m rehearsal drill state-lost", words="drill(servers"),
    DRILL(pattern="fks recovery-sheet", words='"fks", "recovery-sheet"'),
    DRILL(pattern="fks recovery-sheet --html sheet.html*", words="fks recovery-sheet --html"),
    DRILL(pattern="age --decrypt --identity KEY secrets.age", words='"age", "--decrypt"'),
    DRILL(pattern="fks recover-state*", words='"state-lost"'),
    DRILL(pattern="pulumi stack select*prod", words='"state-lost"'),
    DRILL(pattern="pulumi preview --stack prod*", words='"laptop-lost"'),
    DRILL(pattern="pulumi up --stack prod", words='"state-lost"'),
    DRILL(pattern="export PULUMI_BACKEND_URL=*", words='"laptop-lost"'),
    DRILL(pattern="pulumi stack rm prod --force *", words='"passphrase-lost"'),
    DRILL(pattern="fks init*--new-secrets", words='"passphrase-lost"'),
    DRILL(pattern="sudo */bin/deploy-keys add *", words='"passphrase-lost"'),
    DRILL(pattern="pulumi up --refresh --stack prod", words='"server-lost"'),
    DRILL(pattern="pulumi config set fks:* --stack prod", words='"region-lost"'),
    DRILL(pattern="pulumi config set --path *fks:* --stack prod", words='"region-lost"'),
    DRILL(pattern="pulumi config set --path 'fks:acceptDataLoss[0]' api", words='"region-lost"'),
    DRILL(pattern="pulumi config rm fks:acceptDataLoss --stack prod", words='"region-lost"'),
    RESTORE(pattern="fks restore * --stack prod", words='"fks", "restore", "api", *options'),
    RESTORE(pattern="fks restore api", words='"fks", "restore", "api", *options'),
    RESTORE(pattern="fks restore api --snapshot ID", words='"--snapshot"'),
    RESTORE(pattern="fks restore api --snapshot ID --queue", words='"--queue"'),
    RESTORE(pattern="fks restore auth", words='"fks", "restore", "auth"'),
    InTest(
        pattern="pulumi config set --path fks:backup.pitr true",
        test="tests/world/test_point_in_time.py",
        words='"--path", "fks:backup.pitr", "true"',
    ),
    InTest(
        pattern="fks backups",
        test="tests/world/test_point_in_time.py",
        words='"fks", "backups", "api"',
    ),
    InTest(
        pattern="fks logs api-wal",
        test="tests/world/test_point_in_time.py",
        words='"fks", "logs", "api-wal"',
    ),
    InTest(
        pattern="fks restore api --to TIME",
        test="tests/world/test_point_in_time.py",
        words='"fks", "restore", "api", "--to", time',
    ),
    RESTORE(pattern="fks restore api --status", words='"--status"'),
    RESTORE(pattern="fks restore api --undo", words='"--undo"'),
    RESTORE(pattern="fks restore api --finish", words='"--finish"'),
    InTest(
        pattern="fks upgrade postgres --to 18.1*",
        test="tests/world/test_upgrade.py",
        words='fks(stack, "--to", NEXT, "--role api --yes")',
    ),
    MOVE(pattern="fks migrate", words='["fks", "migrate", *words'),
    MOVE(pattern="fks migrate single-to-multi", words='migrate(writing, "single-to-multi"'),
    MOVE(pattern="fks migrate status", words='"migrate", "status"]'),
    MOVE(pattern="fks migrate back", words='migrate(writing, "back"'),
    MOVE(pattern="fks migrate finish", words='migrate(writing, "finish")'),
    LEGACY(pattern="fks migrate from ssh://root@203.0.113.7 --look", words='"--look"'),
    LEGACY(
        pattern="fks migrate from ssh://root@203.0.113.7", words='"fks", "migrate", "from", ADDRESS'
    ),
    DEV(pattern="scripts/deployment/start-multi.sh --dev", words='start-multi.sh", "--dev"'),
    DEV(pattern="fks start --dev", words='"fks", "start", "--dev")'),
    DEV(pattern="fks start --dev --source api=PATH", words="--source=api="),
    DEV(pattern="fks start --dev --source web=PATH", words="--source=web="),
    DEV(pattern="fks start --dev --image api=IMAGE", words='"--image", '),
    DEV(pattern="fks start --dev --minimal", words='"--minimal"'),
    DEV(pattern="fks logs --dev", words='"fks", "logs", "--dev", '),
    DEV(pattern="fks logs --dev api -f", words='"logs", "--dev", "-f"'),
    DEV(pattern="fks stop --dev", words='"fks", "stop", "--dev")'),
    DEV(pattern="fks stop --dev --cleanup-all", words='"--dev", "--cleanup-all"'),
)

NVIDIA = "NVIDIA's own program; the rehearsal has a stand-in that accepts what the bootstrap runs"
OUTSIDE = (
    Outside(pattern="git push", reason="an account at GitHub"),
    Outside(pattern="gh *", reason="an account at GitHub"),
    Outside(pattern="export LINODE_TOKEN=*", reason="credentials of three real accounts"),
    Outside(pattern="pulumi install", reason="downloads of plugins from Pulumi's servers"),
    Outside(pattern="make lock", reason="uv and a package index, whose answer changes every day"),
    Outside(
        pattern="pre-commit install", reason="the contributor's own installation of pre-commit"
    ),
    Outside(pattern="make bench", reason="a quiet machine; it measures and asserts nothing"),
    Outside(pattern="*make test-all*", reason="it runs these tests themselves"),
    Outside(pattern="sudo nvidia-*", reason=NVIDIA),
    Outside(pattern="sudo dkms status", reason="DKMS, which builds kernel modules on real servers"),
    Outside(
        pattern="sudo rm /usr/share/keyrings/nvidia-container-toolkit.asc",
        reason="a server with NVIDIA's package source",
    ),
)

TABLE = (*IN_THE_CHECKOUT, *IN_THE_WORLD, *ON_THE_MACHINE, *BY_OTHERS, *IN_TESTS, *OUTSIDE)
