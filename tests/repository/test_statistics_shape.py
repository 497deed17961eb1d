"""What all functions and results of `convive.stats` have in common."""

from __future__ import annotations

import dataclasses
import inspect
import os
import re
import subprocess
import sys

import pytest

import convive.stats

PUBLIC = [getattr(convive.stats, name) for name in convive.stats.__all__]
FUNCTIONS = [thing for thing in PUBLIC if inspect.isfunction(thing)]
RESULTS = [thing for thing in PUBLIC if dataclasses.is_dataclass(thing)]
SECTIONS = ("Parameters", "Returns", "Raises", "Notes", "References", "Examples")
# What is asked for, built on, or one part of an answer that has a frame.
NO_ANSWER = {
    "Baseline",
    "Cluster",
    "Credible",
    "ListModel",
    "PolygonIndex",
    "SpatialWeights",
}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_a_docstring_has_every_section_and_an_example(function):
    text = inspect.getdoc(function) or ""

    missing = [s for s in SECTIONS if not re.search(rf"^{s}\n-+$", text, re.M)]

    assert missing == []
    assert ">>> " in text


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_a_docstring_names_every_parameter(function):
    text = inspect.getdoc(function) or ""
    described = re.split(r"^Returns\n-+$", text, flags=re.M)[0]

    names = list(inspect.signature(function).parameters)

    assert [n for n in names if not re.search(rf"\b{n}\b", described)] == []


@pytest.mark.parametrize("result", RESULTS, ids=lambda r: r.__name__)
def test_a_result_is_frozen_and_becomes_a_frame(result):
    assert result.__dataclass_params__.frozen
    assert hasattr(result, "to_frame") or result.__name__ in NO_ANSWER


ANSWERS = """
import numpy as np
from convive import stats

rng = np.random.default_rng(3)
xy, day = rng.uniform(0, 2000, (300, 2)), rng.integers(0, 60, 300)
cells = rng.poisson(2, 400)
grid = stats.spatial_weights(np.indices((20, 20)).reshape(2, -1).T, within_m=1.5)
panel = rng.normal(50, 5, (30, 40))
weeks = rng.poisson(4, (5, 400))
drawn = lambda: np.random.default_rng(8)
print(
    stats.knox_test(xy, day, [100, 300], [7, 14], 99, drawn()).p_value.tolist(),
    stats.local_moran(cells, grid, 99, drawn()).p_value.tolist(),
    stats.placebo_test(panel, 0, 30).ratio.tolist(),
    stats.synthetic_did(panel, 0, 30).placebo_estimates.tolist(),
    stats.space_time_permutation_scan(
        rng.integers(0, 20, 300), day, rng.uniform(0, 2000, (20, 2)),
        max_days=14, replications=19, rng=drawn(),
    ).to_frame().to_dicts(),
    stats.kernel_density(xy, 200, cell_m=50).to_frame().to_dicts(),
    stats.mantel_test(xy, day, 19, drawn()).p_value,
    stats.bym2_rate(cells, np.full(400, 1000.0), grid).estimate.tolist(),
    stats.farrington_flexible(weeks, start=390).upper_bound[:, 390:].tolist(),
)
"""


def answers(threads):
    run = subprocess.run(
        [sys.executable, "-c", ANSWERS],
        capture_output=True,
        text=True,
        env={**os.environ, "NUMBA_NUM_THREADS": str(threads)},
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_answers_do_not_depend_on_the_number_of_threads():
    assert answers(1) == answers(2)
