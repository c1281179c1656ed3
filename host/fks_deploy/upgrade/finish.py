"""The end of an upgrade: the old data is removed."""

from .. import journal
from ..errors import InputError
from ..stack.session import Session
from . import back, databases, record, throwaway
from .record import SERVING


def finish(session: Session, service: str) -> str:
    """Remove the old volume and the dump; returns a sentence. Error: InputError for an upgrade that
    is not in service."""
    entry = record.load(session.paths, service)
    if entry is None:
        return f"{service}: there is no upgrade to finish"
    if entry.state != SERVING:
        raise InputError(
            f"the upgrade of {service} is not in service, it is {entry.state}. Nothing was "
            f"changed. Run {entry.command} again, or with --back"
        )
    if databases.find(session.compose, service).data.volume != entry.target.volume:
        raise InputError(
            f"{service} does not use {entry.target.volume}, so {entry.source.volume} stays. "
            f"Nothing was changed. Deploy the release with the new volume first"
        )
    throwaway.remove_volume(session.compose.shell, entry.source.volume)
    back.remove_dump(session.paths, service)
    record.forget(session.paths, service)
    text = f"{service}: the volume {entry.source.volume} and the dump are removed"
    journal.record(session.paths.journal, "upgrade", session.who, text=text)
    return text
