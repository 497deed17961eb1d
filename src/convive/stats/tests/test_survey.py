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


@pytest.mark.slow
def test_the_interval_covers_the_mean_of_a_clustered_population():
    rng = np.random.default_rng(1983)
    runs, covered = 2000, 0
    for _ in range(runs):
        effect = np.repeat(rng.normal(0, 1, 30), 8)
        y = effect + rng.normal(0, 1, 240)
        mean = survey_mean(y, np.ones(240), clusters=np.repeat(range(30), 8))
        covered += mean.lower <= 0 <= mean.upper

    assert covered / runs == pytest.approx(0.95, abs=3 * np.sqrt(0.05 * 0.95 / runs))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: survey_mean([1, 2], [1]), "one value an answer"),
        (lambda: survey_mean([1, 2], [1, -1]), "weights must be finite"),
        (lambda: survey_mean([np.nan, np.nan], [1, 1]), "an answer with weight"),
        (lambda: survey_mean([1, 2, 3], [1] * 3, ["a", "a", "b"]), "'b' holds one"),
        (lambda: survey_mean([1, 2], [1, 1], fpc=[1, 1]), "fpc must be one number"),
        (lambda: survey_mean([1, 2], [1, 1], level=2), "level must lie"),
        (lambda: survey_proportion([0, 2], [1, 1]), "0, 1 or unknown"),
        (lambda: survey_difference([1, 2], [True, True], [1, 1]), "in each group"),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
