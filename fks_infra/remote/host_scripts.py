"""Where the host scripts are on a server, and how their programs are run there."""

import shlex

HOST_SCRIPTS = "/usr/local/lib/fks"
# What reads or changes a server's state needs root; sudo must not prompt.
_SUDO = "sudo -n"


def host_program(name: str, *arguments: str) -> str:
    """The shell's text for a program of host/bin; the arguments hold no secrets."""
    text = f"{_SUDO} {HOST_SCRIPTS}/current/bin/{name}"
    return f"{text} {shlex.join(arguments)}" if arguments else text
