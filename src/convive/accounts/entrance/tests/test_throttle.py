"""Waiting after failures."""

from __future__ import annotations

import pytest

from convive.accounts.entrance import throttle
from convive.accounts.models import Throttle

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch):
    """A clock that the test moves."""

    class Clock:
        now = 1_000_000.0

        def __call__(self):
            return self.now

    made = Clock()
    monkeypatch.setattr(throttle.time, "time", made)
    return made


def fail(attempt, times):
    return [throttle.count(attempt) for _ in range(times)]


def test_the_fifth_failure_is_the_last_and_the_sixth_attempt_waits(clock):
    attempt = throttle.of_account("alicia")

    lasts = fail(attempt, 5)
    with pytest.raises(throttle.TooManyAttemptsError) as refused:
        throttle.count(attempt)

    assert lasts == [False] * 4 + [True]
    assert refused.value.wait_minutes == 15


def test_the_wait_ends_when_the_first_failure_is_old_enough(clock):
    attempt = throttle.of_account("alicia")
    throttle.count(attempt)
    clock.now += 600
    fail(attempt, 4)

    clock.now += 299
    with pytest.raises(throttle.TooManyAttemptsError) as refused:
        throttle.count(attempt)
    clock.now += 2
    throttle.count(attempt)

    assert refused.value.wait_minutes == 1


def test_attempts_that_were_refused_do_not_lengthen_the_wait(clock):
    attempt = throttle.of_account("alicia")
    fail(attempt, 5)

    for _ in range(10):
        clock.now += 60
        with pytest.raises(throttle.TooManyAttemptsError):
            throttle.count(attempt)
    clock.now += 301

    throttle.count(attempt)


def test_a_right_one_is_given_back_and_forgives_no_earlier_failure(clock):
    attempt = throttle.of_account("alicia")
    fail(attempt, 4)

    for _ in range(3):
        throttle.count(attempt)
        throttle.give_back(attempt)

    assert len(Throttle.objects.get().failures) == 4


def test_capitals_and_spaces_are_the_same_account():
    assert throttle.of_account(" Alicia ") == throttle.of_account("alicia")


def test_neighbours_of_one_ipv6_network_count_together():
    first, second = "2001:db8:1:2::1", "2001:db8:1:2:ffff::9"

    assert throttle.of_address(first) == throttle.of_address(second)
    assert throttle.of_address(first) != throttle.of_address("2001:db8:1:3::1")
    assert throttle.of_address("10.0.0.1") != throttle.of_address("10.0.0.2")


def test_nothing_is_counted_when_the_address_must_wait(clock):
    address, account = throttle.of_address("10.0.0.1"), throttle.of_account("alicia")
    fail(address, throttle.LIMITS[throttle.Scope.ADDRESS])

    with pytest.raises(throttle.TooManyAttemptsError) as refused:
        throttle.count(account, address)

    assert refused.value.attempt == address
    assert not Throttle.objects.filter(scope=throttle.Scope.ACCOUNT).exists()


def test_old_counts_are_swept(clock):
    from datetime import timedelta

    from django.utils import timezone

    throttle.count(throttle.of_account("long-ago"))
    Throttle.objects.update(updated_at=timezone.now() - timedelta(days=2))

    throttle.count(throttle.of_account("alicia"))

    assert Throttle.objects.count() == 1
