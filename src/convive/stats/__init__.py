"""Statistics of violence: arrays in, frozen results out. No Django, no files."""

from convive.stats.classification import Classes, natural_breaks
from convive.stats.disclosure import SuppressedTable, attack_table, suppress_table
from convive.stats.geometry import PolygonIndex
from convive.stats.intervals import PoissonInterval, poisson_interval
from convive.stats.rates import Rate, RateRatio, crude_rate, rate_ratio

__all__ = [
    "Classes",
    "PoissonInterval",
    "PolygonIndex",
    "Rate",
    "RateRatio",
    "SuppressedTable",
    "attack_table",
    "crude_rate",
    "natural_breaks",
    "poisson_interval",
    "rate_ratio",
    "suppress_table",
]
