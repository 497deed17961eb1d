"""Log-linear models of lists beside the generalised linear models of statsmodels."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
import statsmodels.api as sm

from convive.stats import capture_recapture

# Both iterate to convergence in double precision.
ROUNDING = 1e-6


# statsmodels warns of the model of all pairs, which leaves no degree of freedom.
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("lists", [3, 4])
def test_every_model_is_that_of_statsmodels(lists):
    rng = np.random.default_rng(lists)
    counts = rng.poisson(30, (2,) * lists).astype(float)
    counts.flat[0] = np.nan
    cells = np.array(list(np.ndindex(counts.shape)))[1:]

    found = capture_recapture(counts)

    assert len(found.models) == 2 ** len(list(combinations(range(lists), 2)))
    for ours in found.models:
        pairs = [(int(a) - 1, int(b) - 1) for a, b in ours.dependent]
        products = [cells[:, i] * cells[:, j] for i, j in pairs]
        design = sm.add_constant(np.column_stack([cells, *products]))
        fit = sm.GLM(counts.ravel()[1:], design, sm.families.Poisson()).fit(tol=1e-12)
        unseen = np.exp(fit.params[0])
        error = np.sqrt(unseen + unseen**2 * fit.cov_params()[0, 0])
        assert ours.estimate - found.observed == pytest.approx(unseen, rel=ROUNDING)
        assert ours.standard_error == pytest.approx(error, rel=ROUNDING)
        assert ours.deviance == pytest.approx(fit.deviance, rel=1e-5, abs=1e-6)
        assert ours.degrees_of_freedom == fit.df_resid


def test_weights_are_those_of_akaike():
    counts = np.random.default_rng(5).poisson(30, (2, 2, 2))
    counts[0, 0, 0] = 0

    found = capture_recapture(counts)

    # Twice the parameters and the deviance order models as Akaike's criterion does.
    score = np.array([m.deviance - 2 * m.degrees_of_freedom for m in found.models])
    weights = np.exp(-(score - score.min()) / 2)
    np.testing.assert_allclose(
        [m.weight for m in found.models], weights / weights.sum(), rtol=1e-6
    )
