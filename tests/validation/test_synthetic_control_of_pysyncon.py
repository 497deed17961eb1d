"""pysyncon on the same invented panel: fixed predictor weights, ridge, conformal."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from pysyncon import AugSynth, Dataprep, Synth
from pysyncon.inference import ConformalInference

from convive.stats import (
    augmented_synthetic_control,
    conformal_interval,
    synthetic_control,
)

PRE, PERIODS, UNITS = 24, 30, 9
# SLSQP with numerical gradients stops near the optimum.
WEIGHT = 2e-3
# pysyncon's search ends within its own tolerance of the edge.
EDGE = 0.02


@pytest.fixture
def panel():
    rng = np.random.default_rng(1989)
    course = np.cumsum(rng.normal(0, 1, (2, PERIODS)), axis=1)
    table = rng.normal(0, 1, (UNITS, 2)) @ course + rng.normal(0, 1, (UNITS, PERIODS))
    traits = rng.normal(0, 1, (UNITS, 3))
    traits[0] += 1
    table[0] += 1
    table[0, PRE:] -= 3
    return table, traits


def prepared(table, traits):
    periods = np.tile(np.arange(PERIODS), UNITS)
    names = np.repeat([f"u{unit}" for unit in range(UNITS)], PERIODS)
    long = pd.DataFrame({"unit": names, "period": periods, "y": table.ravel()})
    for column in range(3):
        long[f"x{column}"] = np.repeat(traits[:, column], PERIODS)
    return Dataprep(
        foo=long,
        predictors=["x0", "x1", "x2"],
        predictors_op="mean",
        dependent="y",
        unit_variable="unit",
        time_variable="period",
        treatment_identifier="u0",
        controls_identifier=[f"u{unit}" for unit in range(1, UNITS)],
        time_predictors_prior=range(PRE),
        time_optimize_ssr=range(PRE),
    )


@pytest.mark.parametrize("given", [[1.0, 1, 1], [5.0, 1, 2]])
def test_weights_at_given_predictor_weights(panel, given):
    table, traits = panel
    peer = Synth()
    peer.fit(prepared(table, traits), custom_V=np.array(given) / sum(given))

    fit = synthetic_control(table, 0, PRE, covariates=traits, predictor_weights=given)

    np.testing.assert_allclose(fit.weights[1:], peer.W, atol=WEIGHT)


def test_the_search_fits_no_worse(panel):
    table, traits = panel
    peer = Synth()
    peer.fit(prepared(table, traits), optim_options={"maxiter": 200})

    fit = synthetic_control(table, 0, PRE, covariates=traits)

    assert fit.pre_rmspe**2 <= peer.loss_V * (1 + 1e-6)


@pytest.mark.parametrize("penalty", [0.5, 20.0])
def test_augmented_weights_at_the_same_penalty(panel, penalty):
    table, traits = panel
    peer = AugSynth()
    peer.fit(prepared(table, traits), lambda_=penalty, use_covariates=False)

    fit = augmented_synthetic_control(table, 0, PRE, penalty=penalty)

    np.testing.assert_allclose(fit.weights[1:], peer.W, atol=WEIGHT)


class OnOutcomes(Synth):
    """pysyncon's fit to the outcomes alone, as its conformal search wants it."""

    def fit(self, Z0, Z1):
        self.W, _loss = self.w_optimize(
            np.eye(len(Z0)), Z0.to_numpy(), Z1.to_numpy(), "SLSQP", {"ftol": 1e-12}
        )


def test_the_ends_of_the_conformal_interval(panel):
    table, _traits = panel
    donors, treated = pd.DataFrame(table[1:].T), pd.Series(table[0])
    peer = OnOutcomes()
    peer.fit(donors.iloc[:PRE], treated.iloc[:PRE])
    found = ConformalInference().confidence_intervals(
        alpha=0.1,
        scm=peer,
        Z0=donors,
        Z1=treated,
        pre_periods=list(range(PRE)),
        post_periods=[PRE, PRE + 3],
        tol=0.01,
        step_sz=0.1,
        verbose=False,
    )

    interval = conformal_interval(table, 0, PRE, level=0.9)

    np.testing.assert_allclose(interval.estimate[[0, 3]], found["value"], atol=1e-3)
    np.testing.assert_allclose(interval.lower[[0, 3]], found["lower_ci"], atol=EDGE)
    np.testing.assert_allclose(interval.upper[[0, 3]], found["upper_ci"], atol=EDGE)
