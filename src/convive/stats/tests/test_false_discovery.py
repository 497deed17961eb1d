import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convive.stats import false_discovery_threshold

# Table 1 of Benjamini and Hochberg (1995), section 4.1: at 5 % the first four are
# significant, where Bonferroni's limit of 0.0033 takes three.
PUBLISHED = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240,
    0.4262, 0.5719, 0.6528, 0.7590, 1.0000,
]  # fmt: skip


def test_the_four_published_hypotheses_are_rejected():
    assert false_discovery_threshold(PUBLISHED, 0.05) == 0.0095


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.integers(0, 1000))
def test_order_and_unknown_tests_change_nothing(p, seed):
    shuffled = np.random.default_rng(seed).permutation([*p, np.nan])

    assert false_discovery_threshold(shuffled) == false_discovery_threshold(p)


def test_a_pseudo_p_value_that_is_its_limit_passes():
    # 0.05 * 6 / 100 is a digit below 0.003 as computers count.
    p = [0.003] * 6 + [0.9] * 94

    assert false_discovery_threshold(p) == 0.003


def test_none_is_called_significant_when_none_passes():
    assert false_discovery_threshold([0.2, 0.9, np.nan]) == 0
    assert false_discovery_threshold([]) == 0


@pytest.mark.parametrize(
    ("p", "level", "words"),
    [
        ([0.1], 0, "level must lie"),
        ([0.1], 1, "level must lie"),
        ([0.1], np.nan, "level must lie"),
        ([1.1], 0.05, "p_values must lie"),
        ([-0.1], 0.05, "p_values must lie"),
    ],
)
def test_bad_input_is_named(p, level, words):
    with pytest.raises(ValueError, match=words):
        false_discovery_threshold(p, level)
