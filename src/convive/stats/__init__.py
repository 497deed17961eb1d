"""Statistics of violence: arrays in, frozen results out. No Django, no files."""

from convive.stats.disclosure import SuppressedTable, attack_table, suppress_table
from convive.stats.funnel import FunnelLimits, funnel_limits
from convive.stats.geometry import PolygonIndex
from convive.stats.intervals import PoissonInterval, poisson_interval
from convive.stats.rates import Rate, RateRatio, crude_rate, rate_ratio

__all__ = [
    "FunnelLimits",
    "PoissonInterval",
    "PolygonIndex",
    "Rate",
    "RateRatio",
    "SuppressedTable",
    "attack_table",
    "crude_rate",
    "funnel_limits",
    "poisson_interval",
    "rate_ratio",
    "suppress_table",
]
