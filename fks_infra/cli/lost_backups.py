"""The age of the backups of the servers that a change would destroy or rebuild."""

from collections.abc import Sequence

from fks_infra.cli.servers import connected
from fks_infra.errors import OperatorError
from fks_infra.impact.backups import endangered, with_backups
from fks_infra.impact.impact import Impact
from fks_infra.operate import reports
from fks_infra.operate.reports import Document, Program
from fks_infra.operate.unreachable import Unreachable
from fks_infra.remote.certificates import certificates, oldest
from fks_infra.remote.host_scripts import host_program
from fks_infra.remote.inventory import DeployedServer
from fks_infra.roles import data_sets

_STATUS = Program(command=host_program("status"), keys=("backup",), seconds=reports.STATUS.seconds)


def with_lost_backups(impact: Impact, stack: str) -> Impact:
    """The impact with what the servers say about their backups; only those that lose data are
    asked. Where they cannot be, it says so.
    """
    names = endangered(impact)
    return with_backups(impact, _texts(stack, names)) if names else impact


def _texts(stack: str, names: Sequence[str]) -> dict[str, str]:
    try:
        with connected(stack, names) as found:
            answers = reports.read(found.stack, found.servers, found.key, _STATUS)
            return {one.name: _text(one, answers[one.name]) for one in found.servers}
    except OperatorError as error:
        reason = str(error).partition("\n")[0].rstrip(".")
        return dict.fromkeys(names, f"whether a backup is proved is not known here: {reason}")


def _text(server: DeployedServer, answer: Document | Unreachable) -> str:
    if isinstance(answer, Unreachable):
        return f"whether a backup is proved is not known: {answer.reason}"
    return str(oldest(certificates(answer["backup"]), data_sets(server.roles)))
