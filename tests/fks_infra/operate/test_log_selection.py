import shlex

from fks_infra.operate.log_selection import LogSelection

PROGRAM = ["sudo", "-n", "/usr/local/lib/fks/current/bin/logs"]


def selection(*names: str, pattern: str = "", follow: bool = False) -> LogSelection:
    return LogSelection(names=names, since=600.4, pattern=pattern, follow=follow, units=follow)


def test_without_names_every_server_is_read_completely() -> None:
    assert selection().on("web") == []
    assert shlex.split(selection().command("web")) == [*PROGRAM, "--since=600", "--"]


def test_names_with_a_server_are_for_this_server_only() -> None:
    chosen = selection("auth/edge", "api.2", "unit:fks-watch")
    assert chosen.on("auth") == ["edge", "api-2", "unit:fks-watch"]
    assert chosen.on("web") == ["api-2", "unit:fks-watch"]
    assert selection("auth/edge").on("web") is None


def test_a_pattern_is_one_word_for_the_shell() -> None:
    chosen = selection("api", pattern="it's $(id); -x", follow=True)
    assert shlex.split(chosen.command("api")) == [
        *PROGRAM,
        *("--since=600", "--grep=it's $(id); -x", "--follow", "--units", "--", "api"),
    ]
