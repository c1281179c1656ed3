from host.fks_deploy.watch.delivery import MAX_PER_HOUR, Delivery
from tests.host.watch.server import NOON


def test_an_hour_has_at_most_six_messages() -> None:
    delivery, sent = Delivery(), []
    for minute in range(120):
        now = NOON + 60 * minute
        if delivery.allowed(now):
            delivery.succeeded(now)
            sent.append(minute)
    assert sent == [*range(MAX_PER_HOUR), *range(60, 60 + MAX_PER_HOUR)]


def test_the_pause_after_a_failure_doubles_up_to_fifteen_minutes() -> None:
    delivery, tries = Delivery(), []
    for minute in range(64):
        now = NOON + 60 * minute
        if delivery.allowed(now):
            delivery.failed(now, "status 500", 0)
            tries.append(minute)
    assert tries == [0, 1, 3, 7, 15, 30, 45, 60]


def test_the_receiver_may_ask_for_a_longer_pause() -> None:
    delivery = Delivery()
    delivery.failed(NOON, "status 429", 300)
    assert not delivery.allowed(NOON + 299)
    assert delivery.allowed(NOON + 300)
    delivery.failed(NOON, "status 429", 1e9)
    assert delivery.allowed(NOON + 900)


def test_a_success_ends_the_pause() -> None:
    delivery = Delivery()
    delivery.failed(NOON, "status 500", 0)
    delivery.succeeded(NOON + 60)
    assert delivery == Delivery(sent=[NOON + 60])


def test_a_clock_that_was_set_back_stops_nothing() -> None:
    delivery = Delivery()
    delivery.succeeded(NOON)
    delivery.failed(NOON, "status 500", 0)
    assert delivery.allowed(NOON - 86400)
    assert delivery.sent == []
