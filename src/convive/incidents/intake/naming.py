"""Municipalities by the name an office writes, in its department where one is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop as _
from rapidfuzz import fuzz, process

from convive.incidents.intake.coded import Coded
from convive.incidents.intake.headings import Field
from convive.places.names import place_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from convive.incidents.intake.columns import Columns
    from convive.incidents.intake.reference import Reference

_MUNICIPALITY_LEVEL = 2
_CLOSE_NAME = 88
# A runner-up this close makes the answer a guess.
_CLEAR_LEAD = 4
_SHARED = "?"


def named_municipality(
    columns: Columns, reference: Reference, has_point: NDArray[np.bool_]
) -> Coded:
    """Path of the municipality each row names, or of the file's own place."""
    own = "/".join(reference.place_path.split("/")[: _MUNICIPALITY_LEVEL + 1])
    is_one = own.count("/") == _MUNICIPALITY_LEVEL
    default = Coded.constant(own if is_one else None, columns.height)
    names = columns.coded(Field.MUNICIPALITY)
    if not reference.municipalities or not names.present:
        return default
    found = _look_up(names, columns.coded(Field.DEPARTMENT), reference)
    columns.refuse(
        ~names.is_null & found.is_null,
        Field.MUNICIPALITY,
        _("“%(value)s” is not a municipality of %(place)s. Correct the name, or add "
          "it as a spelling of its place."),
        place=reference.place_path,
    )  # fmt: skip
    is_shared = found.where(lambda path: path == _SHARED)
    columns.refuse(
        is_shared & ~has_point,
        Field.MUNICIPALITY,
        _("Several municipalities are called “%(value)s”. Give the department in a "
          "column of its own, or the coordinates."),
    )  # fmt: skip
    clear = found.map(lambda path: None if path == _SHARED else path)
    return default.put(~names.is_null, clear)


def _look_up(names: Coded, departments: Coded, reference: Reference) -> Coded:
    """Ask once for each pair of names; a shared name without department is '?'."""
    codes, pairs = names.pair(departments)
    return Coded(codes, tuple(_municipality(*pair, reference) for pair in pairs))


def _municipality(
    name: str | None, department: str | None, reference: Reference
) -> str | None:
    if name is None:
        return None
    key, known = place_key(name), reference.municipalities
    inside = place_key(f"{name} {department}") if department else key
    if inside in known:
        return known[inside]
    if key in known:
        return known[key]
    return _SHARED if key in reference.shared_names else _close(inside, known)


def _close(key: str, paths: Mapping[str, str]) -> str | None:
    """The one name that is nearly this one. Two that are alike are no answer."""
    close = process.extract(
        key, paths.keys(), scorer=fuzz.ratio, score_cutoff=_CLOSE_NAME, limit=5
    )
    if not close:
        return None
    best = paths[close[0][0]]
    rivals = [score for name, score, _at in close if paths[name] != best]
    return best if not rivals or close[0][1] - rivals[0] >= _CLEAR_LEAD else None
