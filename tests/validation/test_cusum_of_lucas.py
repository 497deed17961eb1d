"""Run lengths of Poisson CUSUMs that others have published.

Lucas J. M. (1985), Counted data CUSUM's, Technometrics 27(2), tables 2 and 3, as cited
in the manual of the R package spc (Knoth); and the manual of IAcsSPCR (Lawson), which
follows the same article.
"""

from __future__ import annotations

import pytest

from convive.stats import cusum_run_length

# Lucas prints whole periods, Lawson hundredths or tenths.
PRINTED = [
    ((0.25, 0.25, 10, 0), 438, 0.5),
    ((0.25, 0.25, 10, 5), 333, 0.5),
    ((1.88, 2, 6, 0), 37.2, 0.05),
    ((1.88, 2, 6, 3), 29.19, 0.005),
    ((1.88 + 0.9627 * 1.88**0.5, 2, 6, 0), 5.49, 0.005),
    ((1.88 + 0.9627 * 1.88**0.5, 2, 6, 3), 3.33, 0.005),
]


@pytest.mark.parametrize(("chart", "printed", "tolerance"), PRINTED)
def test_run_lengths_are_those_printed(chart, printed, tolerance):
    assert cusum_run_length(*chart) == pytest.approx(printed, abs=tolerance)
