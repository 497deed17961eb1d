"""Writes bym2.json: the BYM2 model by long simulation, of lip cancer and few counts.

A sampler of its own, that shares no code with the library: the field is whitened in
the eigenvectors of its scaled structure, moved by Hamiltonian dynamics, and its spread
and spatial share walk at random. Many chains run side by side. Run from the root:

    python -m tests.validation.mcmc.bym2
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl

from tests.validation.shared_data import shared

HERE = Path(__file__).parent
CHAINS, WARM_UP, KEPT, LEAPS = 64, 2_000, 20_000, 12
ISLANDS = [5, 7, 10]  # Orkney, Shetland and the Western Isles, counted from zero


def neighbours(islands: bool) -> np.ndarray:
    lines = (HERE / "scotland_neighbours.txt").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if not line.startswith("#")]
    links = np.zeros((len(rows), len(rows)))
    for place, row in enumerate(rows):
        links[place, np.array(row.split(), dtype=int) - 1] = 1
    if islands:
        links[ISLANDS] = 0
        links[:, ISLANDS] = 0
    return links


def sparse() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Invented: 36 cells of a square, most without an event, some raised."""
    rng = np.random.default_rng(36)
    row, column = np.indices((6, 6)).reshape(2, -1)
    links = (np.abs(row[:, None] - row) + np.abs(column[:, None] - column) == 1) * 1.0
    expected = rng.uniform(0.2, 1.5, 36)
    return links, rng.poisson(expected * np.where(row + column < 4, 3.0, 0.5)), expected


def counts() -> tuple[np.ndarray, np.ndarray]:
    table = pl.read_csv(shared("spatialepi/scotland_data.csv"))
    return table["cases"].to_numpy(), table["expected"].to_numpy()


def covariance(links: np.ndarray) -> np.ndarray:
    """Of the field whose every part sums to zero and is scaled to a variance of one."""
    structure = np.diag(links.sum(axis=1)) - links
    reached = np.linalg.matrix_power(links + np.eye(len(links)), len(links)) > 0
    field = np.linalg.pinv(structure, hermitian=True)
    for place in range(len(links)):
        part = np.flatnonzero(reached[place])
        if len(part) == 1:
            field[place, place] = 1
        elif part[0] == place:
            block = np.ix_(part, part)
            field[block] /= np.exp(np.log(np.diag(field)[part]).mean())
    return field


def share_of(eigenvalues: np.ndarray, rate_of: float = 2 / 3) -> tuple:
    """Spatial share by its exponential distance from independence, P(<0.5) = 2/3."""
    logit = np.linspace(-15, 30, 9001)
    share, rest = 1 / (1 + np.exp(-logit)), 1 / (1 + np.exp(logit))
    mixed = rest[:, None] + share[:, None] * eigenvalues
    twice = share * (eigenvalues - 1).sum() - np.log(mixed).sum(axis=1)
    distance = np.sqrt(np.maximum(twice, 0))
    rate = -np.log(1 - rate_of) / np.interp(0, logit, distance)
    return rate * distance, logit


class Model:
    def __init__(self, links, observed, expected) -> None:
        self.observed = observed
        overall = self.observed.sum() / expected.sum()
        self.expected = expected * overall
        self.values, self.vectors = np.linalg.eigh(covariance(links))
        self.values = np.where(self.values < 1e-9, 0, self.values)
        self.distance, self.logit = share_of(self.values)

    def scale(self, hyper: np.ndarray) -> np.ndarray:
        """Standard deviations along the eigenvectors; hyper is (chains, 2)."""
        logit = np.interp(np.exp(hyper[:, 1]), self.distance, self.logit)[:, None]
        share, rest = 1 / (1 + np.exp(-logit)), 1 / (1 + np.exp(logit))
        return np.exp(hyper[:, :1]) * np.sqrt(share * self.values + rest)

    def log_risk(self, state: np.ndarray, scale: np.ndarray) -> np.ndarray:
        return state[:, :1] + (state[:, 1:] * scale) @ self.vectors.T

    def log_likelihood(self, log_risk: np.ndarray) -> np.ndarray:
        return (self.observed * log_risk - self.expected * np.exp(log_risk)).sum(axis=1)

    def log_prior(self, hyper: np.ndarray) -> np.ndarray:
        """Spread exponential with P(> 1) = 0.01; the distance exponential of rate 1."""
        spread = np.exp(hyper[:, 0])
        return hyper.sum(axis=1) + np.log(0.01) * spread - np.exp(hyper[:, 1])

    def slope(self, state: np.ndarray, scale: np.ndarray) -> np.ndarray:
        left = self.observed - self.expected * np.exp(self.log_risk(state, scale))
        along = (left @ self.vectors) * scale - state[:, 1:]
        return np.column_stack([left.sum(axis=1), along])

    def energy(self, state: np.ndarray, scale: np.ndarray) -> np.ndarray:
        likelihood = self.log_likelihood(self.log_risk(state, scale))
        return (state[:, 1:] ** 2).sum(axis=1) / 2 - likelihood


def move(model, state, scale, step, rng):
    """One Hamiltonian path; the intercept is lighter, being better known."""
    mass = np.ones(state.shape[1])
    mass[0] = 25.0**2 / 4
    push = rng.normal(size=state.shape) * np.sqrt(mass)
    start = model.energy(state, scale) + (push**2 / mass).sum(axis=1) / 2
    length = step * rng.uniform(0.6, 1.2, (len(state), 1))
    at = state.copy()
    push += length / 2 * model.slope(at, scale)
    for leap in range(LEAPS):
        at += length * push / mass
        push += (1 if leap < LEAPS - 1 else 0.5) * length * model.slope(at, scale)
    end = model.energy(at, scale) + (push**2 / mass).sum(axis=1) / 2
    taken = np.log(rng.random(len(state))) < start - end
    return np.where(taken[:, None], at, state), taken.mean()


def walk(model, state, hyper, width, rng):
    scale = model.scale(hyper)
    proposed = hyper + rng.normal(size=hyper.shape) * width
    gain = (
        model.log_likelihood(model.log_risk(state, model.scale(proposed)))
        + model.log_prior(proposed)
        - model.log_likelihood(model.log_risk(state, scale))
        - model.log_prior(hyper)
    )
    taken = np.log(rng.random(len(state))) < gain
    return np.where(taken[:, None], proposed, hyper)


def simulate(seed: int, links, observed, expected) -> dict:
    rng = np.random.default_rng(seed)
    model = Model(links, observed, expected)
    state = rng.normal(size=(CHAINS, 1 + len(links))) * 0.1
    hyper = np.column_stack([np.full(CHAINS, np.log(0.5)), rng.normal(size=CHAINS)])
    step, draws, hypers = 0.05, [], []
    for turn in range(WARM_UP + KEPT):
        state, accepted = move(model, state, model.scale(hyper), step, rng)
        hyper = walk(model, state, hyper, np.array([0.25, 0.0]), rng)
        hyper = walk(model, state, hyper, np.array([0.0, 1.2]), rng)
        hyper = walk(model, state, hyper, np.array([0.15, 0.6]), rng)
        if turn < WARM_UP:
            step *= np.exp(0.02 * (accepted - 0.8))
        elif turn % 5 == 0:
            draws.append(model.log_risk(state, model.scale(hyper)))
            hypers.append(hyper)
    return summary(model, np.array(draws), np.array(hypers))


def summary(model: Model, draws: np.ndarray, hypers: np.ndarray) -> dict:
    flat, hyper = draws.reshape(-1, draws.shape[-1]), hypers.reshape(-1, 2)
    risk = np.exp(flat)
    logit = np.interp(np.exp(hyper[:, 1]), model.distance, model.logit)
    share, spread = 1 / (1 + np.exp(-logit)), np.exp(hyper[:, 0])
    # Chains are independent, so that their means tell the error of the mean of all.
    error = draws.mean(axis=0).std(axis=0, ddof=1) / np.sqrt(CHAINS)

    def three(x):
        return [float(x.mean()), *np.quantile(x, [0.025, 0.975]).tolist()]

    return {
        "mean": risk.mean(axis=0).round(5).tolist(),
        "median": np.quantile(risk, 0.5, axis=0).round(5).tolist(),
        "lower": np.quantile(risk, 0.025, axis=0).round(5).tolist(),
        "upper": np.quantile(risk, 0.975, axis=0).round(5).tolist(),
        "above": (risk > 1).mean(axis=0).round(5).tolist(),
        "log_deviation": flat.std(axis=0).round(5).tolist(),
        "largest_error_of_log_mean": float(error.max()),
        "spread": three(spread),
        "share": three(share),
    }


if __name__ == "__main__":
    answer = {
        "joined": simulate(1987, neighbours(islands=False), *counts()),
        "islands": simulate(1993, neighbours(islands=True), *counts()),
        "sparse": simulate(2016, *sparse()),
    }
    (HERE / "bym2.json").write_text(json.dumps(answer, indent=1), encoding="utf-8")
