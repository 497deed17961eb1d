"""Statistics of violence: arrays in, frozen results out. No Django, no files."""

from convive.stats.disclosure import SuppressedTable, attack_table, suppress_table
from convive.stats.geometry import PolygonIndex
from convive.stats.intervals import PoissonInterval, poisson_interval
from convive.stats.near_repeat import KnoxTest, knox_test
from convive.stats.rates import Rate, RateRatio, crude_rate, rate_ratio

__all__ = [
    "KnoxTest",
    "PoissonInterval",
    "PolygonIndex",
    "Rate",
    "RateRatio",
    "SuppressedTable",
    "attack_table",
    "crude_rate",
    "knox_test",
    "poisson_interval",
    "rate_ratio",
    "suppress_table",
]
