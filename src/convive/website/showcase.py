"""The living page of components: each file in each state, with examples."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.safestring import SafeString

ICONS = (
    *("info", "warning", "error", "success", "circle", "download"),
    *("file", "search", "close", "menu", "clock"),
)
Parameters = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    label: str
    is_number: bool = False


@dataclass(frozen=True)
class Table:
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Link:
    label: str
    url: str = "#content"


@dataclass(frozen=True)
class Pair:
    label: str
    value: str


@dataclass(frozen=True)
class State:
    title: str
    light: SafeString
    dark: SafeString


@dataclass(frozen=True)
class Component:
    file: str
    title: str
    states: tuple[State, ...]


# A state's parameters are made when asked, in the reader's language; they are given
# the theme, so that the same field may stand twice on the page under two ids.
States = Mapping[str, Callable[[str], Parameters]]


def present_components(request: HttpRequest) -> tuple[Component, ...]:
    return tuple(
        Component(
            file,
            _(title),
            tuple(_state(request, file, words, make) for words, make in states.items()),
        )
        for file, (title, states) in COMPONENTS.items()
    )


def _state(
    request: HttpRequest, file: str, title: str, make: Callable[[str], Parameters]
) -> State:
    drawn = (
        render_to_string(f"website/components/{file}", dict(make(theme)), request)
        for theme in ("light", "dark")
    )
    return State(_(title), *drawn)


def _notice(kind: str, text: str) -> Callable[[str], Parameters]:
    return lambda _theme: {"kind": kind, "text": _(text)}


def _tag(kind: str, word: str, number: str = "") -> Callable[[str], Parameters]:
    return lambda _theme: {"kind": kind, "word": _(word), "number": number}


def _icon(name: str) -> Callable[[str], Parameters]:
    return lambda _theme: {"name": name}


def _figure(**more: str) -> Callable[[str], Parameters]:
    def parameters(_theme: str) -> Parameters:
        words = {key: _(text) if key == "note" else text for key, text in more.items()}
        return {"label": _("Homicides per 100,000 residents a year"), **words}

    return parameters


def _table(*rows: tuple[str, ...]) -> Callable[[str], Parameters]:
    def parameters(_theme: str) -> Parameters:
        columns = (Column(_("Month")), Column(_("Incidents"), is_number=True))
        return {"table": Table(_("Incidents by month"), columns, rows)}

    return parameters


def _empty(_theme: str) -> Parameters:
    return {
        "title": _("No file has been imported yet"),
        "text": _("Import the list of incidents of one office to see its figures."),
        "url": "#content",
        "link": _("Import a file"),
    }


def _progress(percent: int | None) -> Callable[[str], Parameters]:
    return lambda _theme: {
        "label": _("Import of hechos-2011.xlsx"),
        "percent": percent,
        "phase": _("checking rows"),
    }


def _pager(number: int) -> Callable[[str], Parameters]:
    return lambda _theme: {"page": Paginator(range(60), 25).page(number)}


def _chips(_theme: str) -> Parameters:
    return {"chips": [Link("Sonsonate"), Link(_("Homicide")), Link("2011")]}


def _crumbs(_theme: str) -> Parameters:
    return {"crumbs": [Link(_("Batches")), Link("hechos-2011.xlsx"), Link("12")]}


def _confirm(*, is_danger: bool) -> Callable[[str], Parameters]:
    return lambda _theme: {
        "question": _("Withdraw this batch?"),
        "text": _("Its figures stop counting today. Nothing is erased."),
        "action": "",
        "yes": _("Yes, withdraw it"),
        "cancel_url": "#content",
        "is_danger": is_danger,
    }


class _ExampleForm(forms.Form):
    def __init__(self, theme: str, *, is_sent: bool = False) -> None:
        super().__init__({} if is_sent else None, auto_id=f"{theme}_{is_sent}_%s")
        self.fields["name"] = forms.CharField(
            label=_("Name of the office"), help_text=_("As it signs its letters.")
        )
        self.fields["note"] = forms.CharField(label=_("Note"), required=False)
        self.fields["file"] = forms.FileField(label=_("File of incidents"))


def _field(name: str, *, is_sent: bool = False) -> Callable[[str], Parameters]:
    return lambda theme: {
        "field": _ExampleForm(theme, is_sent=is_sent)[name],
        "limits": _("CSV, XLSX, XLS or ODS of at most 200 MB."),
    }


def _steps(current: int) -> Callable[[str], Parameters]:
    return lambda _theme: {
        "steps": [_("File"), _("Columns"), _("Review"), _("Done")],
        "current": current,
    }


def _downloads(_theme: str) -> Parameters:
    return {"files": [Link("CSV"), Link("XLSX")], "source_url": "#content"}


def _pairs(_theme: str) -> Parameters:
    return {"pairs": [Pair(_("File"), "hechos-2011.xlsx"), Pair(_("Note"), "")]}


_n = gettext_noop
COMPONENTS: dict[str, tuple[str, States]] = {
    "notice.html": (
        _n("Notice"),
        {
            _n("information"): _notice("info", _n("The figures are of 2011.")),
            _n("success"): _notice("success", _n("The batch was imported.")),
            _n("warning"): _notice("warning", _n("Two months are covered by no file.")),
            _n("error"): _notice("error", _n("Row 14, date: write it as 31/12/2011.")),
        },
    ),
    "figure.html": (
        _n("Figure"),
        {
            _n("with interval"): _figure(
                value="54,5", interval="52,7 – 56,3", note=_n("2005, final")
            ),
            _n("not known"): _figure(
                value="–", note=_n("No file covers these months.")
            ),
        },
    ),
    "data_table.html": (
        _n("Table"),
        {
            _n("with rows"): _table(("11/2011", "32"), ("12/2011", "1 029")),
            _n("without rows"): _table(),
        },
    ),
    "empty.html": (_n("Nothing here yet"), {_n("with the next step"): _empty}),
    "progress.html": (
        _n("Progress of long work"),
        {
            _n("measured"): _progress(42),
            _n("not measured yet"): _progress(None),
        },
    ),
    "tag.html": (
        _n("State"),
        {
            _n("plain"): _tag("plain", _n("provisional"), "2"),
            _n("good"): _tag("good", _n("complete"), "12"),
            _n("warning"): _tag("warning", _n("in quarantine"), "7"),
            _n("bad"): _tag("bad", _n("without data"), "3"),
        },
    ),
    "pager.html": (
        _n("Pages of a list"),
        {
            _n("first"): _pager(1),
            _n("middle"): _pager(2),
            _n("last"): _pager(3),
        },
    ),
    "filter_chips.html": (_n("Chosen filters"), {_n("three chosen"): _chips}),
    "breadcrumb.html": (_n("You are here"), {_n("two levels down"): _crumbs}),
    "confirm.html": (
        _n("Last question"),
        {
            _n("plain"): _confirm(is_danger=False),
            _n("taking away"): _confirm(is_danger=True),
        },
    ),
    "field.html": (
        _n("Field"),
        {
            _n("with a hint"): _field("name"),
            _n("optional"): _field("note"),
            _n("with an error"): _field("name", is_sent=True),
        },
    ),
    "file_field.html": (
        _n("File to send"),
        {
            _n("empty"): _field("file"),
            _n("with an error"): _field("file", is_sent=True),
        },
    ),
    "steps.html": (
        _n("Steps"),
        {_n("first"): _steps(1), _n("in the middle"): _steps(3)},
    ),
    "download_row.html": (_n("Downloads"), {_n("with the source"): _downloads}),
    "key_values.html": (_n("What is known"), {_n("one value missing"): _pairs}),
    "icon.html": (_n("Signs"), {name: _icon(name) for name in ICONS}),
}
