"""What is shown of a tree of places must not give away what is withheld."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from convive.observatory.disclosure import SMALLEST_SHOWN
from convive.observatory.parts import Tally, unplaced, withhold

TOLERANCE = 1e-6  # of the linear programme
leaf = st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(1, 12))
trees = st.lists(leaf, min_size=1, max_size=10)


def leaves(tree):
    return [
        (("sv", f"sv/d{d}", f"sv/d{d}/m{m}", unplaced(f"sv/d{d}/m{m}")), count)
        for d, m, count in tree
    ]


def parent(path):
    return path.rpartition("/")[0]


def at_level(tally, level):
    return {path for path in tally.withheld if path.count("/") == level}


def largest_values(tally: Tally, known=()):
    """What a reader can work out: each withheld count, as large as it may be."""
    paths = list(tally.counts)
    at = {path: i for i, path in enumerate(paths)}
    sums, fixed, shown = [], [], []
    for path in paths:
        parts = [p for p in paths if parent(p) == path]
        if parts:
            row = np.zeros(len(paths))
            row[at[path]] = 1
            row[[at[p] for p in parts]] = -1
            sums.append(row)
    for path in paths:
        if path not in tally.withheld or path in known:
            row = np.zeros(len(paths))
            row[at[path]] = 1
            fixed.append(row)
            shown.append(tally.counts[path])
    found = {}
    for path in tally.withheld:
        goal = np.zeros(len(paths))
        goal[at[path]] = -1
        answer = linprog(
            goal,
            A_eq=np.array(sums + fixed),
            b_eq=np.array([0] * len(sums) + shown),
        )
        # Unbounded: no shown total limits it.
        found[path] = np.inf if answer.status == 3 else -answer.fun
    return found


@given(trees)
@settings(max_examples=30, deadline=None)
def test_no_small_count_can_be_worked_out_from_all_that_is_shown(tree):
    tally = withhold(leaves(tree), exact=())

    largest = largest_values(tally)

    small = [p for p, n in tally.counts.items() if 0 < n < SMALLEST_SHOWN]
    assert set(small) <= tally.withheld
    assert all(largest[p] >= SMALLEST_SHOWN - TOLERANCE for p in small)


@given(trees)
@settings(max_examples=20, deadline=None)
def test_nor_by_one_who_knows_the_counts_of_his_own_municipality(tree):
    own = "sv/d0/m0"
    tally = withhold(leaves(tree), exact=(own,))

    largest = largest_values(tally)

    assert own not in tally.withheld
    small = [
        path
        for path, count in tally.counts.items()
        if 0 < count < SMALLEST_SHOWN and not own.startswith(path) and own not in path
    ]
    assert all(largest[p] >= SMALLEST_SHOWN - TOLERANCE for p in small)


def test_a_lone_small_count_takes_its_smallest_sibling_and_that_one_its_part():
    tree = [(0, 0, 2), (1, 0, 9), (1, 1, 30), (2, 0, 40)]

    tally = withhold(leaves(tree), exact=())

    assert at_level(tally, 1) == {"sv/d0", "sv/d1"}
    assert at_level(tally, 2) == {"sv/d0/m0", "sv/d1/m0"}


def test_who_may_see_exact_figures_everywhere_sees_them_all():
    assert withhold(leaves([(0, 0, 1), (1, 1, 3)]), exact=("",)).withheld == frozenset()


def test_large_counts_and_zeros_are_shown():
    tally = withhold(leaves([(0, 0, 20), (1, 0, 30)]), exact=())

    assert tally.withheld == frozenset()
    assert tally.shown("sv/d0") == 20
    assert tally.shown("sv/d9") == 0


def test_a_count_withheld_for_another_reason_does_not_follow_from_the_total():
    tally = withhold(leaves([(0, 0, 20), (1, 0, 30), (2, 0, 40)]), (), {"sv/d1"})

    assert at_level(tally, 1) == {"sv/d0", "sv/d1"}


def test_the_total_says_what_is_in_no_part():
    chain = ("sv", "sv/d0", unplaced("sv/d0"))

    assert withhold([(chain, 7)], ()).counts == {
        "sv": 7,
        "sv/d0": 7,
        unplaced("sv/d0"): 7,
    }


@pytest.mark.django_db
def test_residents_are_weighed_by_the_months_asked_for():
    from convive.observatory.parts import residents_of
    from convive.observatory.selection import Selection
    from convive.places.models import Population
    from convive.places.tests.sonsonate import SONSONATE, make_sonsonate

    place = make_sonsonate()
    Population.objects.create(place=place, year=2007, persons=1000, source="census")
    half = Selection("", SONSONATE, date(2007, 1, 1), date(2007, 6, 30))

    found = residents_of(half, [SONSONATE, "sv/sonsonate/acajutla"])

    assert found[SONSONATE].value == 500
    assert "sv/sonsonate/acajutla" not in found
