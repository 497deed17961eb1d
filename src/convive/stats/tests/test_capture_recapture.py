import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convive.stats import capture_recapture


def independent(size, shares):
    """Expected cells of independent lists, rounded; those on none unknown."""
    cells = np.ones(1)
    for share in shares:
        cells = np.outer(cells, [1 - share, share]).ravel()
    table = (size * cells).round().reshape((2,) * len(shares))
    table.flat[0] = np.nan
    return table


def test_independent_lists_give_back_the_population():
    # 1,000 people, halves of whom are on each list: 125 in each cell, and unseen.
    found = capture_recapture(independent(1000, [0.5] * 3))

    assert found.observed == 875
    assert found.models[0].dependent == ()
    assert [m.estimate for m in found.models] == pytest.approx([1000] * 8)
    assert found.estimate == pytest.approx(1000)
    assert found.lower < 1000 < found.upper


def test_two_lists_that_depend_are_found():
    # The first two lists hold the same people five times as often as by chance.
    table = np.full((2, 2, 2), 40.0)
    table[1, 1], table[0, 0, 0] = 200, 0

    found = capture_recapture(table, names=["police", "health", "press"])

    best = found.models[0]
    assert best.dependent == (("police", "health"),)
    # Given the pair's dependence, the unseen are as the cells beside them tell.
    assert best.estimate == pytest.approx(found.observed + 40)


def test_all_pairs_of_three_lists_have_the_closed_formula():
    table = np.array([[[0, 43], [53, 13]], [[71, 7], [155, 72]]], dtype=float)

    found = capture_recapture(table)

    full = next(m for m in found.models if len(m.dependent) == 3)
    odd = table[1, 1, 1] * table[1, 0, 0] * table[0, 1, 0] * table[0, 0, 1]
    even = table[1, 1, 0] * table[1, 0, 1] * table[0, 1, 1]
    assert full.estimate - found.observed == pytest.approx(odd / even)
    assert full.deviance == pytest.approx(0, abs=1e-9)


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_cases_and_their_table_say_the_same_in_any_order(seed):
    rng = np.random.default_rng(seed)
    cases = rng.random((300, 3)) < [0.5, 0.4, 0.6]
    cases = cases[cases.any(axis=1)]
    table = np.zeros((2, 2, 2))
    np.add.at(table, tuple(cases.T.astype(int)), 1)

    by_case = capture_recapture(rng.permutation(cases))
    by_table = capture_recapture(table)
    turned = capture_recapture(table.transpose(2, 0, 1))

    assert by_case == by_table
    assert turned.estimate == pytest.approx(by_table.estimate)


def test_ten_times_the_cases_are_ten_times_the_people():
    table = independent(2000, [0.5, 0.4, 0.3])

    once, tenfold = (capture_recapture(table * k, criterion="bic") for k in (1, 10))

    assert tenfold.models[0].estimate == pytest.approx(10 * once.models[0].estimate)


def test_schwarz_prefers_fewer_dependences_than_akaike():
    table = independent(5000, [0.5, 0.4, 0.3, 0.3])

    akaike, schwarz = (capture_recapture(table, criterion=c) for c in ("aic", "bic"))

    assert schwarz.models[0].weight > akaike.models[0].weight


def test_the_frame_holds_one_row_a_model():
    found = capture_recapture(independent(1000, [0.5] * 3), names=["a", "b", "c"])
    frame = found.to_frame()

    assert frame.height == 8
    assert frame["dependent"][0] == ""
    assert "a-b, a-c, b-c" in frame["dependent"].to_list()
    assert frame["weight"].sum() == pytest.approx(1)


FULL = np.full((2, 2, 2), 5.0)
FULL[0, 0, 0] = 0
APART = np.zeros((2, 2, 2))
APART[1, 1, 0] = APART[0, 1, 1] = APART[1, 0, 0] = 5


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: capture_recapture([[1, 0], [1, 1]]), "see chapman_estimate"),
        (lambda: capture_recapture(np.ones((9, 6))), "3 to 5 lists"),
        (lambda: capture_recapture([1, 2, 3]), "3 to 5 lists"),
        (lambda: capture_recapture(np.ones((2, 3, 2))), "3 to 5 lists"),
        (lambda: capture_recapture([[0, 0, 0], [1, 1, 1]]), "every case be on a list"),
        (lambda: capture_recapture([[0, 2, 0], [1, 1, 1]]), "hold 0 and 1"),
        (lambda: capture_recapture(FULL - 6), "whole numbers, zero or more"),
        (lambda: capture_recapture(FULL + 1), "zero for those on no list"),
        (lambda: capture_recapture(FULL * 0.3), "whole numbers"),
        (lambda: capture_recapture(FULL, ["a", "b"]), "names must be 3"),
        (lambda: capture_recapture(FULL, ["a", "b", "b"]), "names must be 3"),
        (lambda: capture_recapture(FULL, criterion="dic"), "criterion must be"),
        (lambda: capture_recapture(FULL, level=0), "level must lie"),
        (lambda: capture_recapture(APART, ["a", "b", "c"]), "on both 'a' and 'c'"),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_too_few_cases_for_any_model_are_refused():
    table = np.zeros((2, 2, 2))
    table[1, 1, 1] = 4

    with pytest.raises(ValueError, match="too few for any model"):
        capture_recapture(table)
