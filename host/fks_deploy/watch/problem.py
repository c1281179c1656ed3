"""What is wrong with this server at one moment."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """`key` is the same in each run, `text` names value and limit, `command` is the one to type
    next."""

    key: str
    text: str
    command: str
