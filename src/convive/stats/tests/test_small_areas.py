import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import poisson

from convive.stats import bym2_rate
from convive.stats.expectation import Counts, propagate
from convive.stats.intrinsic_field import intrinsic_field


def grid(rows, columns):
    """Neighbours of cells that share a side."""
    place = np.arange(rows * columns).reshape(rows, columns)
    links = np.zeros((place.size, place.size))
    for first, second in ((place[1:], place[:-1]), (place[:, 1:], place[:, :-1])):
        links[first.ravel(), second.ravel()] = links[second.ravel(), first.ravel()] = 1
    return links


def drawn(seed, links):
    rng = np.random.default_rng(seed)
    people = rng.integers(2_000, 60_000, len(links)).astype(float)
    return rng.poisson(people * rng.gamma(3, 1e-4, len(links))), people


def test_every_connected_part_has_a_typical_variance_of_one():
    links = np.zeros((10, 10))
    links[:6, :6], links[6:9, 6:9] = grid(2, 3), grid(1, 3)

    field = intrinsic_field(links)

    # The generalised inverse of each part's Laplacian, scaled on paper.
    for part in (range(6), range(6, 9)):
        here = np.isin(field.order, part)
        block = links[np.ix_(part, part)]
        inverse = np.diag(np.linalg.pinv(np.diag(block.sum(axis=1)) - block))
        own = np.log(field.variance[here])
        assert own.mean() == pytest.approx(0, abs=1e-6)
        np.testing.assert_allclose(
            field.variance[here],
            (inverse / np.exp(np.log(inverse).mean()))[field.order[here] - part[0]],
            rtol=1e-6,
        )
    assert field.variance[field.order == 9] == 1


def test_the_field_multiplies_as_its_matrix_does():
    links = grid(3, 4)
    field = intrinsic_field(links)
    values = np.random.default_rng(1).normal(size=12)
    laplacian = np.diag(links.sum(axis=1)) - links

    found = field.product(values)

    expected = (laplacian[np.ix_(field.order, field.order)]) @ values
    ratio = found / expected
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-5)


def test_the_prior_of_the_spatial_share_is_what_was_asked_for():
    logits, below = intrinsic_field(grid(5, 5)).share_prior(0.3, 0.4)

    # Between two logits of the table the prior is a straight line.
    assert np.interp(np.log(0.3 / 0.7), logits, below) == pytest.approx(0.4, abs=2e-3)
    assert (np.diff(below) > 0).all()


def test_two_places_have_the_evidence_of_plain_integration():
    # Between two neighbours the field is one number: half a difference.
    links, tau, phi = np.array([[0.0, 1], [1, 0]]), 4.0, 0.7
    observed, expected = np.array([7.0, 1.0]), np.array([3.0, 4.0])

    def log_evidence(tau):
        # Sum and difference of the log risks: a flat one, and one of known variance.
        variance = 2 * (1 - phi) / tau + 4 * phi / tau

        def inner(difference):
            share = 1 / (1 + expected[1] / expected[0] * np.exp(-difference))
            return (
                share ** observed[0]
                * (1 - share) ** observed[1]
                * np.exp(-(difference**2) / 2 / variance)
                / np.sqrt(variance)
            )

        return np.log(quad(inner, -15, 15)[0])

    field = intrinsic_field(links)
    counts = Counts(observed, expected)
    # Another precision takes the constants away.
    ours = [
        propagate(field, counts, t, phi, counts.first_sites()).log_evidence
        for t in (tau, 1.0)
    ]
    theirs = [log_evidence(t) for t in (tau, 1.0)]
    assert ours[0] - ours[1] == pytest.approx(theirs[0] - theirs[1], abs=2e-3)


@given(st.integers(0, 1000))
@settings(max_examples=5, deadline=None)
def test_rows_may_come_in_any_order(seed):
    links = grid(4, 5)
    events, people = drawn(seed, links)
    order = np.random.default_rng(seed).permutation(20)

    plain = bym2_rate(events, people, links)
    mixed = bym2_rate(events[order], people[order], links[np.ix_(order, order)])

    np.testing.assert_allclose(mixed.estimate, plain.estimate[order], rtol=1e-3)


def test_a_rate_lies_between_its_own_and_those_around():
    links = grid(6, 6)
    events, people = drawn(3, links)

    rate = bym2_rate(events, people, links)

    assert (rate.lower < rate.median).all()
    assert (rate.median < rate.upper).all()
    assert np.ptp(rate.estimate) < np.ptp(rate.crude)
    assert rate.crude.min() < rate.estimate.min() < rate.overall < rate.estimate.max()


def test_many_people_outweigh_the_neighbours():
    links = grid(3, 3)
    events, people = np.full(9, 10), np.full(9, 1e5)
    events[4], people[4] = 40_000, 1e8

    rate = bym2_rate(events, people, links)

    assert rate.estimate[4] == pytest.approx(rate.crude[4], rel=0.01)


def test_neighbours_of_a_high_rate_are_drawn_up():
    links = grid(1, 12)
    people = np.full(12, 20_000.0)
    events = np.array([30, 28, 31, 2, 2, 3, 2, 2, 3, 2, 3, 2])
    events[[1, 10]] = 0
    people[[1, 10]] = 400

    rate = bym2_rate(events, people, links)

    assert rate.estimate[1] > 3 * rate.estimate[10]


def test_a_withheld_count_is_foretold_and_a_place_without_people_masked():
    links = grid(1, 5)

    rate = bym2_rate([5, np.nan, 6, 7, 4], [1e4, 1e4, 1e4, 0, 1e4], links)

    assert np.isnan(rate.estimate).tolist() == [False, False, False, True, False]
    assert rate.upper[1] - rate.lower[1] > rate.upper[0] - rate.lower[0]


def test_an_island_is_drawn_to_the_overall_rate():
    links = np.zeros((10, 10))
    links[:9, :9] = grid(3, 3)
    events, people = np.append(np.full(9, 20), 0), np.append(np.full(9, 1e4), 100.0)

    rate = bym2_rate(events, people, links)

    assert 0.5 * rate.overall < rate.estimate[9] < rate.overall


def test_the_frame_holds_one_row_an_area():
    frame = bym2_rate([2, 3, 9], [1e4] * 3, grid(1, 3)).to_frame()

    assert frame.height == 3
    assert {"estimate", "lower", "upper", "probability_above"} <= set(frame.columns)


def test_zero_counts_do_not_end_in_zero_rates():
    links = grid(4, 4)
    events = np.zeros(16)
    events[5] = 1

    rate = bym2_rate(events, np.full(16, 5_000.0), links)

    assert (rate.estimate > 0).all()
    # Nothing in one place is not odd where one event is expected in all.
    assert poisson.pmf(0, rate.estimate[0] / 1e5 * 5_000) > 0.5


LINE = grid(1, 3)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: bym2_rate([1, 2], [9, 9, 9], LINE), "one number an area"),
        (lambda: bym2_rate([1, 2, -1], [9, 9, 9], LINE), "whole numbers, zero or more"),
        (lambda: bym2_rate([1, 2, 0.5], [9, 9, 9], LINE), "whole numbers"),
        (lambda: bym2_rate([1, 2, np.inf], [9, 9, 9], LINE), "whole numbers"),
        (
            lambda: bym2_rate([1, 2, 3], [9, 9, np.nan], LINE),
            "population must be known",
        ),
        (lambda: bym2_rate([1, 2, 3], [9, -9, 9], LINE), "population must be known"),
        (lambda: bym2_rate([0, 0, 0], [9, 9, 9], LINE), "at least one event"),
        (lambda: bym2_rate([1, 1, 1], [9, 9, 9], np.zeros((3, 3))), "two places neigh"),
        (lambda: bym2_rate([1, 1, 1], [9, 9, 9], np.eye(3, k=1)), "must be mutual"),
        (lambda: bym2_rate([1, 1, 1], [9, 9, 9], -LINE), "zero or more"),
        (lambda: bym2_rate([1, 1, 1], [9, 9, 9], grid(2, 2)), "of 3 areas, not of 4"),
        (lambda: bym2_rate([1, 1, 1], [9, 9, 9], LINE, level=1), "level must lie"),
        (lambda: bym2_rate([1, 1, 1], [9, 9, 9], LINE, per=0), "per must be above"),
        (
            lambda: bym2_rate([1, 1, 1], [9, 9, 9], LINE, spread_prior=(0, 0.1)),
            "spread_prior must be",
        ),
        (
            lambda: bym2_rate([1, 1, 1], [9, 9, 9], LINE, share_prior=(0.5, 1)),
            "share_prior must be",
        ),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
