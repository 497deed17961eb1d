"""Statistics of violence: arrays in, frozen results out. No Django, no files."""

from convive.stats.alerts import Alarms, ears
from convive.stats.attack import CellBounds, attack_table
from convive.stats.augmented import (
    AugmentedSyntheticControl,
    augmented_synthetic_control,
)
from convive.stats.backtest import RollingBacktest, StepMean, rolling_backtest
from convive.stats.capture_recapture import (
    ListModel,
    ModelledPopulation,
    PopulationEstimate,
    capture_recapture,
    chapman_estimate,
)
from convive.stats.classification import Classes, natural_breaks
from convive.stats.concentration import (
    Concentration,
    LorenzCurve,
    crime_concentration,
    gini,
    lorenz_curve,
)
from convive.stats.conformal import ConformalInterval, conformal_interval
from convive.stats.cusum import CusumAlarms, cusum_poisson, cusum_run_length
from convive.stats.did import SyntheticDid, synthetic_did
from convive.stats.disclosure import SuppressedTable, suppress_table
from convive.stats.displacement import (
    DisplacementDifference,
    DisplacementQuotient,
    weighted_displacement_difference,
    weighted_displacement_quotient,
)
from convive.stats.false_alarms import FalseAlarms, expected_false_alarms
from convive.stats.false_discovery import false_discovery_threshold
from convive.stats.farrington import Baseline, farrington_flexible
from convive.stats.funnel import FunnelLimits, funnel_limits
from convive.stats.geometry import PolygonIndex
from convive.stats.interaction import JacquezTest, MantelTest, jacquez_test, mantel_test
from convive.stats.intervals import PoissonInterval, poisson_interval
from convive.stats.kernel_density import KernelDensity, kernel_density
from convive.stats.knox import KnoxTest, knox_test
from convive.stats.local_spatial import (
    LocalMoran,
    LocalStatistic,
    getis_ord_g_star,
    local_moran,
)
from convive.stats.near_repeat import NearRepeat, near_repeat
from convive.stats.near_repeat_pairs import NearRepeatEvents, NearRepeatPairs
from convive.stats.placebo import LeaveOneOut, PlaceboTest, leave_one_out, placebo_test
from convive.stats.poisson_scan import bernoulli_scan, poisson_scan
from convive.stats.power import DetectableEffect, minimum_detectable_effect
from convive.stats.prediction import (
    PredictionIndex,
    prediction_accuracy_index,
    prediction_efficiency_index,
)
from convive.stats.predictor_weights import PredictorBalance
from convive.stats.rates import Rate, RateRatio, crude_rate, rate_ratio
from convive.stats.reporting_delay import Nowcast, nowcast, reporting_triangle
from convive.stats.rounding import RoundedTable, round_table
from convive.stats.scan import space_time_permutation_scan
from convive.stats.scan_search import Cluster, ScanResult
from convive.stats.series import InterruptedSeries, interrupted_time_series
from convive.stats.small_areas import Credible, SmallAreaRate, bym2_rate
from convive.stats.smoothing import SmoothedRate, empirical_bayes_rate
from convive.stats.spatial import MoranTest, moran_i
from convive.stats.staggered import (
    EffectSeries,
    MeanEffect,
    StaggeredDid,
    staggered_did,
)
from convive.stats.standardisation import directly_standardised_rate
from convive.stats.survey import (
    SurveyEstimate,
    survey_difference,
    survey_mean,
    survey_proportion,
)
from convive.stats.synthetic_control import SyntheticControl, synthetic_control
from convive.stats.weights import SpatialWeights, spatial_weights

__all__ = [
    "Alarms",
    "AugmentedSyntheticControl",
    "Baseline",
    "CellBounds",
    "Classes",
    "Cluster",
    "Concentration",
    "ConformalInterval",
    "Credible",
    "CusumAlarms",
    "DetectableEffect",
    "DisplacementDifference",
    "DisplacementQuotient",
    "EffectSeries",
    "FalseAlarms",
    "FunnelLimits",
    "InterruptedSeries",
    "JacquezTest",
    "KernelDensity",
    "KnoxTest",
    "LeaveOneOut",
    "ListModel",
    "LocalMoran",
    "LocalStatistic",
    "LorenzCurve",
    "MantelTest",
    "MeanEffect",
    "ModelledPopulation",
    "MoranTest",
    "NearRepeat",
    "NearRepeatEvents",
    "NearRepeatPairs",
    "Nowcast",
    "PlaceboTest",
    "PoissonInterval",
    "PolygonIndex",
    "PopulationEstimate",
    "PredictionIndex",
    "PredictorBalance",
    "Rate",
    "RateRatio",
    "RollingBacktest",
    "RoundedTable",
    "ScanResult",
    "SmallAreaRate",
    "SmoothedRate",
    "SpatialWeights",
    "StaggeredDid",
    "StepMean",
    "SuppressedTable",
    "SurveyEstimate",
    "SyntheticControl",
    "SyntheticDid",
    "attack_table",
    "augmented_synthetic_control",
    "bernoulli_scan",
    "bym2_rate",
    "capture_recapture",
    "chapman_estimate",
    "conformal_interval",
    "crime_concentration",
    "crude_rate",
    "cusum_poisson",
    "cusum_run_length",
    "directly_standardised_rate",
    "ears",
    "empirical_bayes_rate",
    "expected_false_alarms",
    "false_discovery_threshold",
    "farrington_flexible",
    "funnel_limits",
    "getis_ord_g_star",
    "gini",
    "interrupted_time_series",
    "jacquez_test",
    "kernel_density",
    "knox_test",
    "leave_one_out",
    "local_moran",
    "lorenz_curve",
    "mantel_test",
    "minimum_detectable_effect",
    "moran_i",
    "natural_breaks",
    "near_repeat",
    "nowcast",
    "placebo_test",
    "poisson_interval",
    "poisson_scan",
    "prediction_accuracy_index",
    "prediction_efficiency_index",
    "rate_ratio",
    "reporting_triangle",
    "rolling_backtest",
    "round_table",
    "space_time_permutation_scan",
    "spatial_weights",
    "staggered_did",
    "suppress_table",
    "survey_difference",
    "survey_mean",
    "survey_proportion",
    "synthetic_control",
    "synthetic_did",
    "weighted_displacement_difference",
    "weighted_displacement_quotient",
]
