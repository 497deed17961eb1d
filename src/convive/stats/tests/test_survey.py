import numpy as np
import pytest

from convive.stats import survey_difference, survey_mean, survey_proportion


def test_a_simple_random_sample_has_the_textbook_standard_error():
    y = np.array([2.0, 4, 4, 5, 9])

    mean = survey_mean(y, np.ones(5))

    assert mean.standard_error == pytest.approx(y.std(ddof=1) / np.sqrt(5))
    assert mean.design_effect == pytest.approx(1)
    assert mean.degrees_of_freedom == 4


def test_a_complete_count_has_no_error():
    mean = survey_mean([1, 5, 3], np.ones(3), fpc=[3, 3, 3])

    assert mean.standard_error == 0


def test_who_did_not_answer_is_left_out_of_the_mean():
    mean = survey_mean([1, np.nan, 3], [1, 100, 1])

    assert (mean.estimate, mean.observed) == (2, 2)


def test_all_saying_so_still_has_a_lower_limit():
    share = survey_proportion(np.ones(20), np.ones(20))

    # Clopper and Pearson: the 20th root of 0.025.
    assert (share.estimate, share.upper) == (1, 1)
    assert share.lower == pytest.approx(0.025 ** (1 / 20))


def test_rows_may_come_in_any_order():
    rng = np.random.default_rng(1)
    y, w = rng.normal(size=60), rng.uniform(1, 5, 60)
    strata, clusters = np.repeat([0, 1, 2], 20), np.tile(np.repeat(range(4), 5), 3)
    order = rng.permutation(60)

    plain = survey_mean(y, w, strata, clusters)
    mixed = survey_mean(y[order], w[order], strata[order], clusters[order])

    assert mixed.standard_error == pytest.approx(plain.standard_error)


def test_a_stratum_of_one_cluster_may_be_set_against_all_or_taken_as_certain():
    y, w = [1.0, 2, 4, 3, 6, 5], np.ones(6)
    strata, clusters = [1, 1, 1, 1, 2, 2], [1, 1, 2, 2, 3, 3]

    wide, narrow = (
        survey_mean(y, w, strata, clusters, lonely=lonely)
        for lonely in ("adjust", "certainty")
    )

    # Cluster sums of (y - 3.5) / 6 are -4, 0 and 4 sixths.
    assert narrow.standard_error == pytest.approx(np.sqrt(2 * 2 * (2 / 6) ** 2))
    assert wide.standard_error == pytest.approx(
        np.sqrt(2 * 2 * (2 / 6) ** 2 + (4 / 6) ** 2)
    )


def test_unequal_weights_leave_fewer_answers_where_all_say_the_same():
    share = survey_proportion(np.zeros(4), [1, 1, 1, 3])

    # Kish: 6 squared over 12, three answers' worth.
    assert share.upper == pytest.approx(1 - 0.025 ** (1 / 3))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: survey_mean([1, 2], [1]), "one value an answer"),
        (lambda: survey_mean([1, 2], [1, -1]), "weights must be finite"),
        (lambda: survey_mean([np.nan, np.nan], [1, 1]), "an answer with weight"),
        (lambda: survey_mean([1, 2, 3], [1] * 3, ["a", "a", "b"]), "'b' holds one"),
        (lambda: survey_mean([1, 2], [1, 1], fpc=[1, 1]), "fpc must be one number"),
        (lambda: survey_mean([1, np.inf], [1, 1]), "y must be finite"),
        (lambda: survey_mean([1, 2], [1, 1], lonely="skip"), "lonely must be"),
        (lambda: survey_mean([1, 2], [1, 1], [1, np.nan]), "strata must be known"),
        (lambda: survey_difference([1, 2], [1, np.nan], [1, 1]), "true and false"),
        (lambda: survey_difference([1, 2], [1, 0, 1], [1, 1]), "one value an answer"),
        (
            lambda: survey_mean([1, 2], [1, 1], [1, 2], lonely="adjust"),
            "two clusters in at least one",
        ),
        (lambda: survey_mean([1, 2], [1, 1], level=2), "level must lie"),
        (lambda: survey_proportion([0, 2], [1, 1]), "0, 1 or unknown"),
        (lambda: survey_difference([1, 2], [True, True], [1, 1]), "in each group"),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
