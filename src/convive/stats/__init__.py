"""Statistics of violence: arrays in, frozen results out. No Django, no files."""

from convive.stats.alerts import (
    Alarms,
    Baseline,
    ears,
    farrington_flexible,
)
from convive.stats.attack import CellBounds, attack_table
from convive.stats.capture_recapture import PopulationEstimate, chapman_estimate
from convive.stats.classification import Classes, natural_breaks
from convive.stats.concentration import (
    Concentration,
    LorenzCurve,
    crime_concentration,
    gini,
    lorenz_curve,
)
from convive.stats.did import SyntheticDid, synthetic_did
from convive.stats.disclosure import SuppressedTable, suppress_table
from convive.stats.displacement import (
    DisplacementQuotient,
    weighted_displacement_quotient,
)
from convive.stats.funnel import FunnelLimits, funnel_limits
from convive.stats.geometry import PolygonIndex
from convive.stats.intervals import PoissonInterval, poisson_interval
from convive.stats.near_repeat import KnoxTest, knox_test
from convive.stats.prediction import (
    PredictionIndex,
    prediction_accuracy_index,
    prediction_efficiency_index,
)
from convive.stats.rates import Rate, RateRatio, crude_rate, rate_ratio
from convive.stats.rounding import RoundedTable, round_table
from convive.stats.smoothing import SmoothedRate, empirical_bayes_rate
from convive.stats.spatial import (
    LocalStatistic,
    MoranTest,
    false_discovery_threshold,
    getis_ord_g_star,
    local_moran,
    moran_i,
)
from convive.stats.standardisation import directly_standardised_rate
from convive.stats.survey import (
    SurveyEstimate,
    survey_difference,
    survey_mean,
    survey_proportion,
)
from convive.stats.synthetic_control import (
    PlaceboTest,
    SyntheticControl,
    placebo_test,
    synthetic_control,
)
from convive.stats.weights import SpatialWeights, spatial_weights

__all__ = [
    "Alarms",
    "Baseline",
    "CellBounds",
    "Classes",
    "Concentration",
    "DisplacementQuotient",
    "FunnelLimits",
    "KnoxTest",
    "LocalStatistic",
    "LorenzCurve",
    "MoranTest",
    "PlaceboTest",
    "PoissonInterval",
    "PolygonIndex",
    "PopulationEstimate",
    "PredictionIndex",
    "Rate",
    "RateRatio",
    "RoundedTable",
    "SmoothedRate",
    "SpatialWeights",
    "SuppressedTable",
    "SurveyEstimate",
    "SyntheticControl",
    "SyntheticDid",
    "attack_table",
    "chapman_estimate",
    "crime_concentration",
    "crude_rate",
    "directly_standardised_rate",
    "ears",
    "empirical_bayes_rate",
    "false_discovery_threshold",
    "farrington_flexible",
    "funnel_limits",
    "getis_ord_g_star",
    "gini",
    "knox_test",
    "local_moran",
    "lorenz_curve",
    "moran_i",
    "natural_breaks",
    "placebo_test",
    "poisson_interval",
    "prediction_accuracy_index",
    "prediction_efficiency_index",
    "rate_ratio",
    "round_table",
    "spatial_weights",
    "suppress_table",
    "survey_difference",
    "survey_mean",
    "survey_proportion",
    "synthetic_control",
    "synthetic_did",
    "weighted_displacement_quotient",
]
