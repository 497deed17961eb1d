"""Which of many tests to call significant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def false_discovery_threshold(p_values: ArrayLike, level: float = 0.05) -> float:
    """Largest p-value to call significant, after Benjamini and Hochberg (1995).

    Parameters
    ----------
    p_values : array_like of float, shape (tests,)
        NaN where a test was not made.
    level : float
        Expected share of false ones among those called significant.

    Returns
    -------
    float
        Zero when none may be called so.

    Raises
    ------
    ValueError
        If the level is not in (0, 1) or a p-value lies outside [0, 1].

    Notes
    -----
    The largest :math:`p_{(k)} \\le k \\alpha / m` of the m sorted p-values.

    References
    ----------
    Benjamini Y., Hochberg Y. (1995). Controlling the false discovery rate. Journal of
    the Royal Statistical Society B 57(1), 289-300.

    Examples
    --------
    >>> false_discovery_threshold([0.001, 0.02, 0.9, 0.03])
    0.03
    """
    p = np.asarray(p_values, dtype=np.float64).ravel()
    p = np.sort(p[~np.isnan(p)])
    if not 0 < level < 1:
        message = f"level must lie between 0 and 1, not {level}"
        raise ValueError(message)
    if len(p) and (p[0] < 0 or p[-1] > 1):
        message = "p_values must lie between 0 and 1"
        raise ValueError(message)
    # A pseudo p-value often is such a limit itself, but for its last digit.
    limits = level * np.arange(1, len(p) + 1) / max(len(p), 1) * (1 + 1e-12)
    passed = np.flatnonzero(p <= limits)
    return float(p[passed[-1]]) if len(passed) else 0.0
