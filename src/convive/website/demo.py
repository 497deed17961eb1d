"""Load the demonstration programme from its folder, once."""

from __future__ import annotations

import csv
import functools
import secrets
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext_noop

from convive.accounts.actions import create_member
from convive.accounts.cast import CAST
from convive.accounts.models import User
from convive.core.actors import System
from convive.core.home import write_private
from convive.incidents import importing
from convive.incidents.actions import Claim, Order, TermRow, save_crosswalk
from convive.incidents.models import Batch, Crosswalk
from convive.observatory.models import Panel
from convive.observatory.panel.actions import PanelFacts, import_panel
from convive.places import actions as places
from convive.places.actions import Origin, PlaceFields
from convive.places.models import Boundary, Place, PlaceKind, Population

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from convive.core.jobs import Progress

BY = System("Demostración")
CUAUHTEMOC = "mx/ciudad-de-mexico/cuauhtemoc"
ACCOUNTS_FILE = "demo-accounts.txt"


@dataclass(frozen=True)
class Step:
    title: str
    run: Callable[[], object]


def folder() -> Path:
    """The `demo` folder of the source tree this package is installed from."""
    return Path(__file__).parents[3] / "demo"


def load(progress: Progress) -> None:
    """Do what is not done yet, so that a second start takes seconds."""
    steps = list(_steps(folder()))
    for done, step in enumerate(steps):
        progress(done, len(steps), step.title)
        step.run()
    progress(len(steps), len(steps), gettext_noop("Done"))


def _steps(source: Path) -> Iterator[Step]:
    content = tomllib.loads((source / "demo.toml").read_text(encoding="utf-8"))
    loaders: dict[str, Callable[[Path, dict[str, Any]], object]] = {
        "place": _place,
        "boundaries": _boundaries,
        "population": _population,
        "spellings": _spellings,
        "gazetteer": _gazetteer,
        "crosswalk": _crosswalk,
        "incidents": _incidents,
        "panel": _panel,
    }
    for kind, loader in loaders.items():
        for item in content.get(kind, []):
            title = item.get("file") or item["name"]
            yield Step(title, functools.partial(loader, source, item))


def _place(source: Path, item: dict[str, Any]) -> None:
    parent = Place.objects.get(path=item["parent"]) if "parent" in item else None
    places.save_place(
        by=BY,
        kind=PlaceKind(item["kind"]),
        name=item["name"],
        parent=parent,
        path=item["path"],
    )


def _boundaries(source: Path, item: dict[str, Any]) -> None:
    inside = Boundary.objects.filter(
        place__in=Place.objects.within(item["parent"]).of_kind(PlaceKind(item["kind"]))
    )
    if inside.exists():
        return
    places.import_boundaries(
        by=BY,
        file=source / item["file"],
        kind=PlaceKind(item["kind"]),
        parent=Place.objects.get(path=item["parent"]),
        fields=PlaceFields("name", item.get("code", ""), item.get("within", "")),
        origin=Origin(
            item["source"],
            item["licence"],
            is_approximate=item.get("approximate", False),
        ),
    )


def _population(source: Path, item: dict[str, Any]) -> None:
    if not Population.objects.filter(source=item["source"]).exists():
        file, origin = source / item["file"], Origin(item["source"])
        places.import_population(by=BY, file=file, origin=origin)


def _spellings(source: Path, item: dict[str, Any]) -> None:
    with (source / item["file"]).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            place = Place.objects.get(path=row["place"])
            places.add_spelling(by=BY, place=place, name=row["name"])


def _gazetteer(source: Path, item: dict[str, Any]) -> None:
    municipality = Place.objects.get(path=item["municipality"])
    if not municipality.gazetteer.exists():
        places.import_gazetteer(
            by=BY,
            file=source / item["file"],
            municipality=municipality,
            origin=Origin(item["source"]),
        )


def _crosswalk(source: Path, item: dict[str, Any]) -> None:
    if Crosswalk.objects.filter(country_path=item["country"]).exists():
        return
    with (source / item["file"]).open(encoding="utf-8", newline="") as file:
        terms = [TermRow(**row) for row in csv.DictReader(file)]
    save_crosswalk(by=BY, country_path=item["country"], terms=terms)


def _incidents(source: Path, item: dict[str, Any]) -> None:
    file = source / item["file"]
    if Batch.objects.recorded().filter(file_name=file.name).exists():
        return
    claim = Claim(
        nature=item["nature"],
        note=item["note"],
        iccs=tuple(item.get("iccs", ())),
        since=item["since"],
        until=item["until"],
        provisional_from=item.get("provisional_from"),
    )
    order = Order(file, item["place"], item["source"], claim=claim)
    importing.run_import(by=BY, order=order)


def _panel(source: Path, item: dict[str, Any]) -> None:
    facts = PanelFacts(
        item["name"], item["source"], item["licence"], item["iccs"], item["note"]
    )
    if not Panel.objects.filter(name=facts.name).exists():
        import_panel(by=BY, file=source / item["file"], facts=facts)


def make_accounts() -> Path | None:
    """Make the cast's accounts with random passwords; None if they stand already."""
    if User.objects.filter(username=CAST[0].username).exists():
        return None
    lines = []
    for member in CAST:
        password = secrets.token_urlsafe(9)
        paths = [member.place_path]
        if member.place_path.startswith("sv/sonsonate/sonsonate"):
            paths.append(CUAUHTEMOC)
        create_member(
            by=BY,
            username=member.username,
            display_name=member.display_name,
            password=password,
            roles=[(member.role, path) for path in paths],
        )
        lines.append(f"{member.username:10} {password}  {member.role}")
    path: Path = settings.HOME / ACCOUNTS_FILE
    write_private(path, "\n".join(lines) + "\n")
    return path
