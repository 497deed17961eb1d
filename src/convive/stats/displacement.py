"""Whether violence that fell in one place only moved next door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class DisplacementQuotient:
    """Above 0 the gain spread, below it some moved, below -1 more than was gained."""

    estimate: float
    success: float  # change of target over control; the quotient needs it below zero

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        return pl.DataFrame({name: [value] for name, value in vars(self).items()})


def weighted_displacement_quotient(
    target: tuple[float, float],
    buffer: tuple[float, float],
    control: tuple[float, float],
) -> DisplacementQuotient:
    """Weighted displacement quotient of Bowers and Johnson (2003).

    Parameters
    ----------
    target, buffer, control : pair of float
        Events before and after, in the place itself, around it, and elsewhere.

    Returns
    -------
    DisplacementQuotient
        NaN where the target did not fall against the control: then there is nothing
        that could have moved.

    Raises
    ------
    ValueError
        If a count is negative, or the control has none before or after.

    Notes
    -----
    :math:`WDQ = \\frac{B_1/C_1 - B_0/C_0}{A_1/C_1 - A_0/C_0}` with the sign such that a
    buffer that falls along with the target gives a positive quotient.

    References
    ----------
    Bowers K. J., Johnson S. D. (2003). Measuring the geographical displacement and
    diffusion of benefit effects of crime prevention activity. Journal of Quantitative
    Criminology 19(3), 275-301.

    Examples
    --------
    >>> spread = weighted_displacement_quotient((100, 50), (80, 60), (200, 200))
    >>> round(spread.estimate, 6)  # 20 fewer around for 50 fewer inside
    0.4
    """
    for name, pair in (("target", target), ("buffer", buffer), ("control", control)):
        if len(pair) != 2 or not all(value >= 0 for value in pair):
            message = f"{name} must hold two counts, before and after, zero or more"
            raise ValueError(message)
    if not all(control):
        message = "control must have events both before and after"
        raise ValueError(message)
    around = buffer[1] / control[1] - buffer[0] / control[0]
    success = target[1] / control[1] - target[0] / control[0]
    return DisplacementQuotient(
        around / success if success < 0 else float("nan"), success
    )
