import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convive.stats import interrupted_time_series
from convive.stats.loglinear import autoregressive, fit_loglinear, quasi_poisson

# The fit stops when the logarithms of the means move by less than 1e-10.
STOP = 1e-8


def monthly(seed, periods=60, mean=80.0):
    return np.random.default_rng(seed).poisson(mean, periods).astype(float)


def test_a_series_without_noise_gives_back_what_it_was_made_of():
    month = np.arange(48)
    season = np.exp(0.2 * np.sin(2 * np.pi * month / 12))
    past = 50 * 1.02**month * season
    after = np.where(month < 30, 1, 0.7 * 0.99 ** (month - 30.0))

    series = interrupted_time_series(past * after, 30, frequency=12, harmonics=1)

    assert series.trend.estimate == pytest.approx(1.02, rel=STOP)
    assert series.level.estimate == pytest.approx(0.7, rel=STOP)
    assert series.slope.estimate == pytest.approx(0.99, rel=STOP)
    np.testing.assert_allclose(series.expected, past, rtol=STOP)
    np.testing.assert_allclose(
        series.averted, np.cumsum((past - past * after)[30:]), rtol=STOP
    )
    assert series.level.p_value < 1e-6


def test_without_trend_season_or_slope_the_level_is_the_ratio_of_means():
    counts = np.tile([9.0, 11, 10, 10], 10)
    counts[20:] = np.tile([4.0, 6, 5, 5], 5)
    fit = fit_loglinear(
        counts,
        np.column_stack([np.ones(40), np.arange(40) >= 20]),
        np.zeros(40),
    )

    assert np.exp(fit.coefficients[1]) == pytest.approx(0.5)
    # Half of the points are off by one, ten of them about a mean of ten and ten about
    # five; the totals are 200 and 100.
    dispersion = (10 / 10 + 10 / 5) / 38
    error = quasi_poisson(fit)[0][1, 1]
    assert error == pytest.approx(dispersion * (1 / 200 + 1 / 100))


def test_what_is_averted_in_all_is_what_was_expected_less_what_was_seen():
    counts = monthly(3)

    series = interrupted_time_series(counts, 36, frequency=12)

    gone = series.expected[36:].sum() - counts[36:].sum()
    assert series.averted[-1] == pytest.approx(gone)
    assert series.averted_lower[-1] < gone < series.averted_upper[-1]
    assert len(series.averted) == 24


def test_a_series_without_dependence_gets_the_independent_spread():
    ups_and_downs = 80 + 10 * np.resize([1.0, -1.0], 60)
    fit = fit_loglinear(
        ups_and_downs,
        np.column_stack([np.ones(60), np.arange(60) - 30.0]),
        np.zeros(60),
    )

    spread, freedom = autoregressive(fit)

    np.testing.assert_allclose(spread, quasi_poisson(fit)[0])
    assert freedom == pytest.approx(58)


def test_the_dependence_is_the_one_whose_residuals_look_like_those_seen():
    rng = np.random.default_rng(8)
    drift = np.cumsum(rng.normal(0, 0.1, 40)) * 0.5
    counts = rng.poisson(200 * np.exp(drift - drift.mean())).astype(float)
    fit = fit_loglinear(
        counts, np.column_stack([np.ones(40), np.arange(40) >= 20]), np.zeros(40)
    )
    scaled = fit.design * np.sqrt(fit.fitted)[:, None]
    left = np.eye(40) - scaled @ np.linalg.inv(scaled.T @ scaled) @ scaled.T
    apart = np.abs(np.subtract.outer(np.arange(40), np.arange(40)))
    off = fit.residuals

    def of(correlation):
        seen = left @ correlation**apart @ left
        return np.trace(seen, 1) / np.trace(seen), np.trace(seen)

    tried = np.arange(0, 0.95, 0.0005)
    near = np.argmin([abs(of(r)[0] - off[1:] @ off[:-1] / (off @ off)) for r in tried])
    rho = tried[near]
    middle = scaled.T @ rho**apart @ scaled * (off @ off) / of(rho)[1]

    spread, _freedom = autoregressive(fit)

    assert 0.1 < rho < 0.9
    np.testing.assert_allclose(spread, fit.bread @ middle @ fit.bread, rtol=0.01)


def test_a_dependent_series_is_less_certain():
    rng = np.random.default_rng(8)
    drift = np.zeros(60)
    for month in range(1, 60):
        drift[month] = 0.7 * drift[month - 1] + rng.normal(0, 0.1)
    counts = rng.poisson(100 * np.exp(drift))

    wary = interrupted_time_series(counts, 30)
    naive = interrupted_time_series(counts, 30, covariance="quasi_poisson")

    assert wary.level.estimate == naive.level.estimate
    assert wary.level.lower < naive.level.lower
    assert wary.level.upper > naive.level.upper
    assert "autocorrelated" in naive.warnings
    assert "autocorrelated" not in wary.warnings


@given(st.integers(0, 1000), st.floats(0.01, 1000))
def test_persons_counted_in_thousands_change_nothing(seed, scale):
    counts = monthly(seed)
    persons = np.linspace(50_000, 60_000, 60)

    plain = interrupted_time_series(counts, 30, persons)
    other = interrupted_time_series(counts, 30, persons * scale)

    assert other.level.estimate == pytest.approx(plain.level.estimate, rel=STOP)
    assert other.level.p_value == pytest.approx(plain.level.p_value, rel=1e-4)
    np.testing.assert_allclose(other.expected, plain.expected, rtol=STOP)


@given(st.integers(0, 1000))
def test_a_population_that_grew_explains_counts_that_grew_with_it(seed):
    counts = monthly(seed)
    doubled = np.where(np.arange(60) < 30, 1.0, 2.0)

    plain = interrupted_time_series(counts, 30)
    grown = interrupted_time_series(counts * doubled, 30, doubled)

    assert grown.level.estimate == pytest.approx(plain.level.estimate, rel=STOP)


def test_rates_a_person_serve_as_well_as_counts():
    counts = monthly(4)

    plain, rates = (interrupted_time_series(y, 30) for y in (counts, counts * 1e-6))

    assert rates.level.estimate == pytest.approx(plain.level.estimate, rel=STOP)
    assert rates.level.p_value == pytest.approx(plain.level.p_value, rel=1e-6)


@given(st.integers(0, 10_000), st.sampled_from([0.05, 0.3, 1.0, 1000.0]))
def test_few_events_are_fitted_or_refused_but_never_made_up(seed, mean):
    counts = monthly(seed, 40, mean)

    try:
        series = interrupted_time_series(counts, 20)
    except ValueError:
        return
    assert series.fitted[:20].sum() == pytest.approx(counts[:20].sum())
    assert series.fitted[20:].sum() == pytest.approx(counts[20:].sum())


def test_short_series_and_few_events_are_said():
    series = interrupted_time_series(np.tile([1.0, 2, 3, 2], 5), 9)

    assert series.warnings == ("short_before", "short_after", "few_events")


def test_the_quickest_wave_of_four_quarters_has_no_sine():
    counts = 40 + np.resize([5.0, -5, 2, -2], 40)

    series = interrupted_time_series(counts, 20, frequency=4, harmonics=2)

    np.testing.assert_allclose(series.fitted, counts, rtol=0.05)


def test_the_slope_can_be_left_alone():
    series = interrupted_time_series(monthly(1), 30, slope_change=False)

    assert series.slope is None
    ratio = series.fitted[30:] / series.expected[30:]
    np.testing.assert_allclose(ratio, series.level.estimate)


def test_a_row_a_period():
    frame = interrupted_time_series(monthly(1), 30).to_frame()

    assert frame.shape == (60, 6)
    assert frame["period"].to_list() == list(range(60))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"counts": np.full((2, 30), 9.0)}, "counts must be one row"),
        ({"counts": [*[9.0] * 39, np.nan]}, "none missing"),
        ({"counts": [*[9.0] * 39, -1]}, "zero or more"),
        ({"counts": [9.0] * 20 + [0.0] * 20}, "hold events both before"),
        ({"counts": [*[0.0] * 19, 5, 5, *[0.0] * 18, 9]}, "too few events to tell"),
        ({"start": 7}, "at least 8 points before"),
        ({"start": 33}, "8 from it on"),
        ({"population": [1.0] * 39}, "population must hold"),
        ({"population": [1.0] * 39 + [0.0]}, "above zero"),
        ({"frequency": 1}, "frequency must be"),
        ({"frequency": 52, "harmonics": 26}, "four points more than"),
        ({"frequency": 400, "harmonics": 16}, "too few for the season"),
        ({"lags": -1, "covariance": "newey_west"}, "lags must be"),
        ({"covariance": "white"}, "covariance must be"),
        ({"level": 1}, "level must lie"),
    ],
)
def test_bad_input_is_named(change, words):
    given_ = {"counts": monthly(1, 40), "start": 20}

    with pytest.raises(ValueError, match=words):
        interrupted_time_series(**(given_ | change))
