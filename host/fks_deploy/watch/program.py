"""One run: check, restart what does not work, remember, and send an alert if one is due."""

import socket
import sys
from collections.abc import Callable, Iterator, Mapping

from .. import journal
from ..errors import DeployError
from ..paths import Paths
from ..queues import samples as queue_samples
from ..shell import Shell
from ..status import backup
from ..terminal import print_line
from . import day, peaks, resources, samples, services, state, system, updates
from .context import Context
from .message import Message
from .problem import Problem
from .repair import repair
from .settings import load
from .state import State
from .webhook import WebhookError, post

Check = Callable[[Context], Iterator[Problem]]

CHECKS: Mapping[str, Check] = {
    "cpu": resources.check(resources.measure_cpu),
    "memory": resources.check(resources.used_memory),
    "swap": resources.check(resources.swap),
    "load": resources.check(resources.load),
    "disk": resources.check(resources.disk),
    "certificates": system.certificates,
    "units": system.failed_units,
    "clock": system.clock,
    "containers": services.containers,
    "container memory": services.container_memory,
    "own answers": services.own_answers,
    "peer answers": services.peer_answers,
    "queue": services.queue_round_trip,
    "backups": backup.problems,
    "waiting tasks": queue_samples.record,
    "updates": updates.record,
    "peaks": peaks.record,
}


def main(paths: Paths, now: float) -> int:
    """The exit code of a run: 1 after an error, which is one line on standard error."""
    try:
        run(paths, now)
    except (DeployError, OSError, ValueError, LookupError) as error:
        print_line(f"fks-watch: {error}", sys.stderr)
        return 1
    return 0


def test_alert(paths: Paths, now: float) -> int:
    """Send a test message, whatever was sent before; returns the exit code."""
    url, server = webhook_url(paths), socket.gethostname()
    if not url:
        remedy = "pulumi config set --secret fks:alertWebhook, pulumi up"
        print_line(f"no webhook is set: {remedy}", sys.stderr)
        return 1
    try:
        post(url, Message(server, now, events=("this is a test",)))
    except WebhookError as error:
        print_line(f"the test message was not sent: {error}", sys.stderr)
        return 1
    print_line("the webhook accepted the test message", sys.stdout)
    return 0


def run(paths: Paths, now: float) -> None:
    """One run of the timer fks-watch; before the first deploy it only records the time."""
    settings, found = load(paths), state.load(paths.watch)
    found.checked = now
    context = Context(paths, Shell.without_log(), settings, found, now) if settings else None
    if context:
        found.history.update(problems(context, CHECKS), now)
        repair(context)
    # Before the alert: a slow webhook must not lose what was found.
    state.save(paths.watch, found)
    if _alert(paths, found, now):
        state.save(paths.watch, found)
    if context:
        day.record(paths.day, samples.sample(context))


def problems(context: Context, checks: Mapping[str, Check]) -> Iterator[Problem]:
    """What all checks found; a check that fails is a problem as well."""
    for name, check in checks.items():
        try:
            yield from check(context)
        except (DeployError, OSError, ValueError, LookupError, TypeError) as error:
            text = f"the check of {name} failed: {error or type(error).__name__}"
            yield Problem(f"check {name}", text, "sudo /usr/local/lib/fks/current/bin/watch")


def _alert(paths: Paths, found: State, now: float) -> bool:
    """Send what is new; returns whether the state changed. After a failure the same news are part
    of the next alert."""
    news, delivery = found.history.news(now), found.delivery
    url = webhook_url(paths)
    if not news or not url or not delivery.allowed(now):
        return False
    message = Message.of(socket.gethostname(), found.history, news, now)
    try:
        post(url, message)
    except WebhookError as error:
        delivery.failed(now, str(error), error.retry_after)
        print_line(f"the alert was not sent: {error}", sys.stdout)
    else:
        delivery.succeeded(now)
        found.history.sent(news)
        journal.record(paths.journal, "alert", "fks-watch", text=message.text())
    return True


def webhook_url(paths: Paths) -> str:
    """The URL of fks:alertWebhook; "" for none."""
    return paths.alert_webhook.read_text().strip() if paths.alert_webhook.exists() else ""
