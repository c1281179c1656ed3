"""Who runs a program: --who, the user of sudo, or the login; in one line."""

import getpass

import pytest

from host.fks_deploy import caller


def test_the_option_counts_before_the_user_of_sudo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUDO_USER", "deploy")
    assert caller.name("ann  at\nhome") == "ann at home"
    assert caller.name(" \n") == caller.name() == "deploy"


def test_without_sudo_it_is_the_login(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SUDO_USER", raising=False)
    assert caller.name() == getpass.getuser()


def test_a_text_is_cut() -> None:
    assert len(caller.one_line("x " * 500)) == caller.LONGEST
