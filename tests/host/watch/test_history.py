"""Alerts after ten minutes and on recovery, at one run a minute."""

from host.fks_deploy.watch.history import EVENTS_KEPT, History, News
from host.fks_deploy.watch.problem import Problem

CPU = Problem("cpu", "CPU is at 63 %, limit 50 %", "top")
DISK = Problem("disk", "disk is at 91 %, limit 90 %", "du")


def run(history: History, minute: int, *found: Problem) -> News:
    """One run; what it has to say is delivered."""
    history.update(found, 60.0 * minute)
    news = history.news(60.0 * minute)
    history.sent(news)
    return news


def minutes_with_news(history: History, bad: set[int], last: int) -> dict[int, News]:
    """The news of each minute that had any; the CPU is busy in the minutes `bad`."""
    found = {
        minute: run(history, minute, *([CPU] if minute in bad else []))
        for minute in range(last + 1)
    }
    return {minute: news for minute, news in found.items() if news}


def test_one_alert_after_ten_minutes_and_one_on_recovery() -> None:
    news = minutes_with_news(History(), set(range(0, 31)), 60)
    assert news == {10: News(("cpu",), (), ()), 33: News((), ("cpu",), ())}


def test_a_problem_that_ends_before_ten_minutes_causes_no_alert() -> None:
    history = History()
    assert minutes_with_news(history, set(range(0, 10)), 30) == {}
    assert history.problems == {}


def test_one_good_minute_does_not_end_a_problem() -> None:
    news = minutes_with_news(History(), {0, 1, 2, 3, 5, 6, 8, 10, 11, 13}, 30)
    assert news == {10: News(("cpu",), (), ()), 16: News((), ("cpu",), ())}


def test_a_problem_after_a_recovery_lasts_ten_minutes_again() -> None:
    news = minutes_with_news(History(), {*range(0, 12), *range(20, 40)}, 39)
    assert list(news) == [10, 14, 30]


def test_news_that_were_not_delivered_stay_and_are_joined() -> None:
    history = History()
    for minute in range(13):
        history.update([CPU, DISK] if minute >= 2 else [CPU], 60.0 * minute)
    assert history.news(720.0).started == ("cpu", "disk")


def test_a_problem_of_which_no_alert_was_sent_does_not_recover() -> None:
    history = History()
    for minute in range(20):
        history.update([CPU], 60.0 * minute)
    history.update([], 60.0 * 23)
    assert not history.news(60.0 * 23)


def test_the_text_is_that_of_the_last_run() -> None:
    history = History()
    run(history, 0, CPU)
    run(history, 1, Problem("cpu", "CPU is at 99 %, limit 50 %", "top"))
    assert history.problems["cpu"].text == "CPU is at 99 %, limit 50 %"
    assert history.problems["cpu"].since == 0.0


def test_a_clock_that_was_set_back_does_not_delay_the_alert() -> None:
    history = History()
    run(history, 10_000, CPU)
    news = {minute: run(history, minute, CPU) for minute in range(12)}
    assert [minute for minute, one in news.items() if one] == [10]


def test_an_event_is_reported_at_once_and_once() -> None:
    history = History()
    history.add_event("api was restarted", 0.0)
    assert run(history, 0).events == ("1970-01-01T00:00:00Z api was restarted",)
    assert not run(history, 1)


def test_only_the_newest_events_are_kept() -> None:
    history = History()
    for number in range(EVENTS_KEPT + 5):
        history.add_event(str(number), 0.0)
    assert len(history.events) == EVENTS_KEPT
    assert history.events[-1].endswith(f" {EVENTS_KEPT + 4}")


def test_a_history_is_read_as_it_was_written() -> None:
    history = History()
    run(history, 0, CPU)
    history.add_event("restarted", 0.0)
    assert History.parse(history.document()) == history
