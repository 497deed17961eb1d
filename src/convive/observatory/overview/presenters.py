"""A place's count and rate beside its department and its country."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from django.utils.translation import gettext as _

from convive.observatory import compute
from convive.observatory.presenters import (
    About,
    PlaceRate,
    Table,
    around,
    number,
    place_rate,
    present_about,
    state_word,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from convive.accounts.models import User
    from convive.observatory.selection import Selection


@dataclass(frozen=True)
class Overview:
    about: About
    places: tuple[PlaceRate, ...]
    sentences: tuple[str, ...]

    @property
    def own(self) -> PlaceRate:
        return self.places[0]


def present_overview(selection: Selection, user: User | AnonymousUser) -> Overview:
    paths = around(selection.where)
    lines = tuple(place_rate(selection, path, user) for path in paths)
    compared = (_comparison(lines[0], line) for line in lines[1:])
    sentences = tuple(sentence for sentence in compared if sentence is not None)
    return Overview(present_about(selection), lines, sentences)


def _comparison(own: PlaceRate, wider: PlaceRate) -> str | None:
    """What may be said of two rates, in words that the interval carries."""
    inside, outside = own.figures, wider.figures
    if inside is None or outside is None:
        return None
    if inside.person_years is None or outside.person_years is None:
        return None
    ratio = compute.compare(
        (inside.count, inside.person_years), (outside.count, outside.person_years)
    )
    if ratio is None or np.isnan(ratio.estimate):
        return None
    facts = {
        "place": own.name,
        "around": wider.name,
        "times": number(ratio.estimate, 2),
        "lower": number(ratio.lower, 2),
        "upper": number(ratio.upper, 2),
    }
    if ratio.lower > 1:
        words = _("%(place)s has a higher rate than the rest of %(around)s: %(times)s "
                  "times (95 %% interval %(lower)s – %(upper)s).")  # fmt: skip
    elif ratio.upper < 1:
        words = _("%(place)s has a lower rate than the rest of %(around)s: %(times)s "
                  "times (95 %% interval %(lower)s – %(upper)s).")  # fmt: skip
    else:
        words = _("We cannot tell whether %(place)s differs from the rest of "
                  "%(around)s: %(times)s times (95 %% interval %(lower)s – "
                  "%(upper)s).")  # fmt: skip
    return words % facts


def overview_table(selection: Selection, user: User | AnonymousUser) -> Table:
    columns = (
        _("place"),
        _("incidents"),
        _("person-years"),
        _("rate per 100,000"),
        _("lower limit (95 %)"),
        _("upper limit (95 %)"),
        _("state"),
        _("note"),
    )
    return Table(
        columns, [_row(line) for line in present_overview(selection, user).places]
    )


def _row(line: PlaceRate) -> list[str | int | float | None]:
    it = line.figures
    numbers: list[str | int | float | None] = [None] * 5
    if it is not None:
        numbers = [it.count, it.person_years, it.rate, it.lower, it.upper]
    return [line.name, *numbers, state_word(line.state), line.note]
