import numpy as np
import pytest

from convive.stats import synthetic_control


def panel_led_by_a_trait(seed, units=12, periods=20):
    """Outcomes that follow the first of three traits alone."""
    rng = np.random.default_rng(seed)
    traits = rng.normal(0, 1, (units, 3))
    course = np.cumsum(rng.normal(1, 0.3, periods))
    return 5 + np.outer(traits[:, 0], course), traits


def test_given_weights_are_the_weights_of_squared_differences():
    # A donor that agrees on the first trait, another on the second.
    rates = [[5, 5, 5], [1, 1, 1], [9, 9, 9], [30, 30, 30]]
    traits = [[0, 0], [0, 1], [1, 0], [9, 9]]

    fit = synthetic_control(
        rates, 0, 2, covariates=traits, predictor_weights=[3.0, 1.0]
    )

    # Traits have the standard deviations of (0, 0, 1, 9) and (0, 1, 0, 9): equal. Then
    # 3 w2**2 + w1**2 with w1 + w2 = 1 is least at w2 = 1/4.
    np.testing.assert_allclose(fit.weights, [0, 0.75, 0.25, 0], atol=1e-6)
    np.testing.assert_allclose(fit.balance.weights, [0.75, 0.25])
    np.testing.assert_allclose(fit.balance.synthetic, [0.25, 0.75], atol=1e-6)
    np.testing.assert_allclose(fit.balance.donor_mean, [10 / 3, 10 / 3])
    assert fit.estimate == pytest.approx(5 - (0.75 * 1 + 0.25 * 9))


def test_the_trait_that_leads_the_outcome_is_found():
    table, traits = panel_led_by_a_trait(1)
    # The treated unit lies within the others' first trait, outside in the second.
    traits[0] = [np.median(traits[1:, 0]), 5.0, 0.0]
    table[0] = 5 + traits[0, 0] * (table[1] - 5) / traits[1, 0]

    found = synthetic_control(table, 0, 15, covariates=traits)

    alike = synthetic_control(
        table, 0, 15, covariates=traits, predictor_weights=[1, 1, 1]
    )
    assert found.pre_rmspe < alike.pre_rmspe / 10
    assert found.balance.synthetic[0] == pytest.approx(traits[0, 0], abs=0.02)


def test_a_search_is_never_worse_than_equal_weights():
    rng = np.random.default_rng(3)
    for _ in range(5):
        table, traits = rng.normal(0, 1, (10, 12)), rng.normal(0, 1, (10, 4))

        found = synthetic_control(table, 2, 8, covariates=traits)

        alike = synthetic_control(
            table, 2, 8, covariates=traits, predictor_weights=np.ones(4)
        )
        assert found.pre_rmspe <= alike.pre_rmspe + 1e-9


def test_the_units_of_a_covariate_change_nothing():
    table, traits = panel_led_by_a_trait(4)
    other = traits * [1000.0, 0.01, 1.0] + [5.0, 0.0, -7.0]

    fits = [
        synthetic_control(table, 0, 15, covariates=x, predictor_weights=[2, 1, 1])
        for x in (traits, other)
    ]

    np.testing.assert_allclose(fits[0].weights, fits[1].weights, atol=1e-8)


def test_one_covariate_has_all_the_weight():
    table, traits = panel_led_by_a_trait(5)

    fit = synthetic_control(table, 0, 15, covariates=traits[:, :1])

    assert fit.balance.weights.tolist() == [1.0]
    assert fit.balance.to_frame().columns == [
        "covariate",
        "weight",
        "treated",
        "synthetic",
        "donor_mean",
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"covariates": [1.0, 2, 3, 4]}, "covariates must have a row"),
        ({"covariates": [[1.0], [2], [3]]}, "covariates must have a row"),
        ({"covariates": [[1.0], [2], [3], [np.nan]]}, "covariates must be finite"),
        ({"covariates": [[1.0]] * 4}, "must differ between units; column 0"),
        ({"predictor_weights": [1.0, 1.0]}, "one weight a covariate: 1"),
        ({"predictor_weights": [0.0]}, "not all zero"),
        ({"predictor_weights": [-1.0]}, "zero or more"),
        ({"covariates": None, "predictor_weights": [1.0]}, "must come with"),
    ],
)
def test_bad_covariates_are_named(change, words):
    table = np.arange(20.0).reshape(4, 5)
    given = {"covariates": [[1.0], [2], [3], [4]]} | change

    with pytest.raises(ValueError, match=words):
        synthetic_control(table, 0, 3, **given)
