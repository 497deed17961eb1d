"""What each of the cast gets from the addresses of this room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convive.partners.tests.url_table import anyone, posted, run, seen, unit
from convive.programme.diagnosis import actions
from convive.programme.tests.matrix import BY, make_diagnosis, make_entries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from convive.accounts.tests.expectations import Expected


def empty() -> Mapping[str, Any]:
    return {"pk": make_diagnosis().pk}


def filled() -> Mapping[str, Any]:
    return {"pk": make_entries()[0].diagnosis.pk}


def agreed() -> Mapping[str, Any]:
    diagnosis = make_entries()[0].diagnosis
    return {"pk": actions.agree_diagnosis(by=BY, diagnosis=diagnosis).pk}


def entry() -> Mapping[str, Any]:
    return {"pk": make_entries()[0].pk}


URLS: dict[str, list[Expected]] = {
    "programme:diagnoses": [anyone()],
    "programme:begin": [posted(unit)],
    "programme:diagnosis": [seen(empty), seen(filled)],
    "programme:agree": [posted(filled), posted(empty)],
    "programme:version": [run(agreed), posted(agreed, reason="The new school year")],
    "programme:entry_add": [run(filled)],
    "programme:entry": [seen(entry)],
    "programme:entry_change": [run(entry)],
    "programme:entry_remove": [posted(entry)],
    "programme:evidence_add": [
        run(entry),
        posted(entry, kind="workshop", text="Workshop of 3 May"),
    ],
    "programme:entry_link": [run(entry)],
}
