"""The lists of waiting tasks in the queue's Redis.

A queue is a list: Celery adds at its start (index 0) and takes from its end.
https://github.com/celery/kombu/blob/main/kombu/transport/redis.py
"""

import json
from dataclasses import dataclass

from ..shell import Shell

SERVICE = "api-queue"
# Ids that are read of one queue, from the oldest on.
READ = 1000
_TIMEOUT = 10.0
# Redis gets the password from a file in the container, not from a command line.
PASSWORD_SHELL = (
    'file=/run/redis/.fks-password; [ -f "$file" ] || file=/run/secrets/REDIS_PASSWORD; '
    'REDISCLI_AUTH=$(cat "$file"); export REDISCLI_AUTH; exec redis-cli "$@"'
)
# Replies to control commands are lists too. No task's content leaves Redis.
_LISTS = """
local function id(text)
  local valid, message = pcall(cjson.decode, text)
  return valid and type(message.headers) == 'table' and message.headers.id or ''
end
local found, cursor = {}, '0'
repeat
  local page = redis.call('SCAN', cursor, 'TYPE', 'list', 'COUNT', 1000)
  cursor = page[1]
  for _, name in ipairs(page[2]) do
    if not string.find(name, 'pidbox', 1, true) then
      local ids = {}
      local oldest = redis.call('LRANGE', name, -tonumber(ARGV[1]), -1)
      for i, text in ipairs(oldest) do ids[i] = id(text) end
      local newest = redis.call('LINDEX', name, 0)
      found[name] = {length = redis.call('LLEN', name), newest = id(newest), oldest = ids}
    end
  end
until cursor == '0'
return cjson.encode(found)
"""
_PURGE = """
local count = 0
for _, name in ipairs(KEYS) do
  count = count + redis.call('LLEN', name)
  redis.call('DEL', name)
end
return count
"""
# Of kombu, with the messages that are not acknowledged
_DELIVERED = "unacked"
# Tasks with a priority are in lists of their own, with these after the queue's name.
_PRIORITY, _PRIORITIES = "\x06\x16", (3, 6, 9)


@dataclass(frozen=True)
class Waiting:
    """A queue that is not empty: its length, the id of its newest task, and the ids of its READ
    oldest ones."""

    length: int
    newest: str
    oldest: frozenset[str]

    @property
    def complete(self) -> bool:
        """Whether all ids were read."""
        return self.length <= READ

    def __add__(self, other: "Waiting") -> "Waiting":
        oldest = self.oldest | other.oldest
        return Waiting(self.length + other.length, self.newest or other.newest, oldest)


def waiting(shell: Shell, container: str) -> dict[str, Waiting]:
    """By queue; `container` is Redis's. Error: CommandFailedError."""
    found: dict[str, Waiting] = {}
    for name, entry in json.loads(ask(shell, container, "EVAL", _LISTS, "0", str(READ))).items():
        queue = name.partition(_PRIORITY)[0]
        one = Waiting(entry["length"], entry["newest"], frozenset(entry["oldest"]))
        found[queue] = found[queue] + one if queue in found else one
    return found


def delivered(shell: Shell, container: str) -> int:
    """The tasks that workers have taken and not completed: those that run, and those that wait for
    their time, as after a retry. Error: CommandFailedError."""
    return int(ask(shell, container, "HLEN", _DELIVERED))


def purge(shell: Shell, container: str, queue: str) -> int:
    """Delete the waiting tasks of a queue; returns their number. Error: CommandFailedError."""
    lists = (queue, *(f"{queue}{_PRIORITY}{number}" for number in _PRIORITIES))
    return int(ask(shell, container, "EVAL", _PURGE, str(len(lists)), *lists))


def ask(shell: Shell, container: str, *command: str) -> str:
    """What redis-cli prints, also for an error. Error: CommandFailedError."""
    sh = ("sh", "-c", PASSWORD_SHELL, "redis-cli", *command)
    name = f"redis-cli {command[0]}"
    return shell.run(["docker", "exec", container, *sh], name=name, timeout=_TIMEOUT)
