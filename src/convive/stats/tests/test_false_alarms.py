from types import SimpleNamespace

import numpy as np
import pytest

from convive.stats import expected_false_alarms


def above(bound):
    return lambda counts: SimpleNamespace(alarm=counts > bound)


def test_alarms_of_a_fixed_bound_are_the_tail_of_the_counts():
    rng = np.random.default_rng(1)

    found = expected_false_alarms(
        above(1), [0.5, 2.0], history=3, frequency=52, replicates=4000, rng=rng
    )

    # Poisson of 0.5 and 2: more than one event with chance 0.0902 and 0.5940.
    tail = 52 * np.array([0.090204, 0.593994])
    assert (np.abs(found.estimate - tail) < 2.5 * (found.upper - found.estimate)).all()
    assert found.total == pytest.approx(found.estimate.sum())


def test_dispersion_is_the_variance_over_the_mean():
    seen = []

    def look(counts):
        seen.append(counts)
        return SimpleNamespace(alarm=counts > 99)

    expected_false_alarms(
        look, [4.0], 3.0, history=0, replicates=2000, rng=np.random.default_rng(2)
    )

    counts = np.concatenate(seen)
    # A hundred thousand counts: the variance is known to about one in a hundred.
    assert counts.mean() == pytest.approx(4, rel=0.02)
    assert counts.var() == pytest.approx(12, rel=0.05)


def test_alarms_of_the_history_are_not_counted():
    found = expected_false_alarms(
        lambda counts: SimpleNamespace(alarm=np.arange(62)[None, :] + 0 * counts < 10),
        [1.0],
        history=10,
        replicates=2,
    )

    assert found.estimate.tolist() == [0]


def test_the_same_generator_gives_the_same_answer():
    one, two = (
        expected_false_alarms(above(3), [2.0], history=0, rng=np.random.default_rng(3))
        for _ in range(2)
    )

    np.testing.assert_array_equal(one.estimate, two.estimate)
    assert one.to_frame().shape == (1, 4)


def test_progress_ends_with_all_years():
    seen = []

    expected_false_alarms(
        above(3), [2.0], history=0, replicates=5, progress=lambda *at: seen.append(at)
    )

    assert seen[-1] == (5, 5)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: expected_false_alarms(above(1), [-1.0], history=0), "mean must be"),
        (lambda: expected_false_alarms(above(1), [[1.0]], history=0), "one value"),
        (lambda: expected_false_alarms(above(1), [1.0], 0.5, history=0), "dispersion"),
        (
            lambda: expected_false_alarms(above(1), [1.0], history=0, replicates=1),
            "replicates must be",
        ),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
