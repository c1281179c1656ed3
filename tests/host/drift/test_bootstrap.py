from pathlib import Path

import pytest

from host.fks_deploy.drift import bootstrap
from host.fks_deploy.drift.context import Context
from host.fks_deploy.drift.deviation import Deviation
from host.fks_deploy.errors import DeployError
from host.fks_deploy.paths import Paths
from tests.host.drift.conftest import fresh

OPTIONS = "--server api --roles api --zram-mib 0\n"


@pytest.fixture
def context(tmp_path: Path) -> Context:
    """With a bootstrap.sh that prints its options and fails if there is a file `busy`."""
    paths = Paths(tmp_path)
    home = paths.host_bundles / "digest"
    home.mkdir(parents=True)
    (paths.host_bundles / "current").symlink_to("digest")
    script = home / "bootstrap.sh"
    script.write_text(
        '#!/bin/sh\necho "$*" >"$0.options"\n'
        '[ ! -e "$0.busy" ] || { echo "bootstrap: one runs" >&2; exit 1; }\n'
        "printf '34-kernel\\tsysctl\\tnet.a\\t1\\t2\\n'\n"
        "printf '12-debian\\tstep\\t12-debian\\tpossible\\tfailed: no source\\n'\n"
    )
    script.chmod(0o755)
    paths.bootstrap_options.parent.mkdir(parents=True)
    paths.bootstrap_options.write_text(OPTIONS)
    return fresh(paths)


def test_each_difference_is_repaired_by_its_step_but_not_a_step_that_fails(
    context: Context,
) -> None:
    assert list(bootstrap.deviations(context)) == [
        Deviation("sysctl", "net.a", "1", "2", "step 34-kernel"),
        Deviation("step", "12-debian", "possible", "failed: no source", ""),
    ]
    options = (context.scripts / "bootstrap.sh.options").read_text()
    assert options == f"{OPTIONS.strip()} --check\n"


def test_a_bootstrap_that_runs_is_the_reason(context: Context) -> None:
    (context.scripts / "bootstrap.sh.busy").touch()
    with pytest.raises(DeployError, match=r"^bootstrap: one runs$"):
        list(bootstrap.deviations(context))


def test_without_recorded_options_nothing_is_known(context: Context) -> None:
    context.paths.bootstrap_options.unlink()
    with pytest.raises(DeployError, match=r"bootstrap-options is missing.* run pulumi up"):
        list(bootstrap.deviations(context))
