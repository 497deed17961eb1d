"""The matrix as a page: dimensions by zones, what is missing, what acts on what."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from math import cos, pi, sin
from typing import TYPE_CHECKING

from convive.accounts.permissions import may
from convive.accounts.roles import Permission
from convive.partners.models import Unit
from convive.partners.permissions import units_run_by, units_visible_to
from convive.programme import policies
from convive.programme.models import (
    Diagnosis,
    Dimension,
    Entry,
    EntryKind,
    Interlinkage,
)
from convive.programme.workflow import DiagnosisStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from convive.accounts.models import User
    from convive.places.models import Place

RADIUS, MIDDLE_X, MIDDLE_Y = 150, 320, 190
LABEL_AWAY = 1.14
THICKEST = 8


@dataclass(frozen=True)
class Cell:
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class MatrixRow:
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Gap:
    """What the matrix lacks; it is shown beside the entries that miss it."""

    without_evidence: int
    without_answer: tuple[str, ...]  # dimensions with a threat and no capacity
    empty: tuple[str, ...]  # dimensions that nobody spoke of


@dataclass(frozen=True)
class Node:
    label: str
    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str


@dataclass(frozen=True)
class Edge:
    x1: float
    y1: float
    x2: float
    y2: float
    width: int
    text: str


@dataclass(frozen=True)
class Web:
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


@dataclass(frozen=True)
class MatrixPage:
    places: tuple[Place, ...]
    rows: tuple[MatrixRow, ...]
    gap: Gap
    web: Web
    versions: tuple[Diagnosis, ...]
    may_write: bool
    may_agree: bool
    may_begin_version: bool


@dataclass(frozen=True)
class UnitDiagnosis:
    unit: Unit
    diagnosis: Diagnosis | None
    may_begin: bool


def present_units(user: User) -> tuple[UnitDiagnosis, ...]:
    runs = set(units_run_by(user).values_list("pk", flat=True))
    units = units_visible_to(user).prefetch_related("diagnoses")
    return tuple(
        UnitDiagnosis(unit, next(iter(unit.diagnoses.all()), None), unit.pk in runs)
        for unit in units
    )


def present_matrix(diagnosis: Diagnosis, user: User) -> MatrixPage:
    entries = list(
        diagnosis.entries.select_related("place").prefetch_related("evidence")
    )
    runs = may(user, Permission.RUN_UNIT, diagnosis.unit.place.path)
    writes = runs and policies.may_write(diagnosis)
    places = sorted({entry.place for entry in entries}, key=lambda place: place.path)
    return MatrixPage(
        places=tuple(places),
        rows=tuple(_rows(entries, places)),
        gap=_gap(entries),
        web=_web(diagnosis),
        versions=tuple(diagnosis.unit.diagnoses.all()),
        may_write=writes,
        may_agree=writes and bool(entries),
        may_begin_version=runs and diagnosis.status == DiagnosisStatus.AGREED,
    )


def _rows(entries: Sequence[Entry], places: Sequence[Place]) -> Iterable[MatrixRow]:
    held: dict[tuple[str, int], list[Entry]] = defaultdict(list)
    for entry in entries:
        held[entry.dimension, entry.place.pk].append(entry)
    for dimension in Dimension:
        cells = (Cell(tuple(held[dimension, place.pk])) for place in places)
        yield MatrixRow(str(dimension.label), tuple(cells))


def _gap(entries: Sequence[Entry]) -> Gap:
    spoken = {(entry.dimension, entry.kind) for entry in entries}
    return Gap(
        without_evidence=sum(not entry.evidence.all() for entry in entries),
        without_answer=tuple(
            str(one.label)
            for one in Dimension
            if (one, EntryKind.THREAT) in spoken
            and (one, EntryKind.CAPACITY) not in spoken
        ),
        empty=tuple(
            str(one.label)
            for one in Dimension
            if not any(dimension == one for dimension, _kind in spoken)
        ),
    )


def _web(diagnosis: Diagnosis) -> Web:
    """The dimensions on a circle; a line is as thick as entries that act on another."""
    points = {one: _on_circle(number) for number, one in enumerate(Dimension)}
    links = Interlinkage.objects.filter(source__diagnosis=diagnosis).values_list(
        "source__dimension", "target__dimension"
    )
    counted = Counter(tuple(sorted(pair)) for pair in links if pair[0] != pair[1])
    edges = []
    for (first, second), count in sorted(counted.items()):
        one, other = Dimension(first), Dimension(second)
        (x1, y1), (x2, y2) = points[one], points[other]
        text = f"{one.label} – {other.label}: {count}"
        edges.append(Edge(x1, y1, x2, y2, min(2 * count, THICKEST), text))
    nodes = [_node(str(one.label), x, y) for one, (x, y) in points.items()]
    return Web(tuple(nodes), tuple(edges))


def _on_circle(number: int) -> tuple[float, float]:
    angle = 2 * pi * number / len(Dimension) - pi / 2
    x = MIDDLE_X + RADIUS * cos(angle)
    return round(x, 1), round(MIDDLE_Y + RADIUS * sin(angle), 1)


def _node(label: str, x: float, y: float) -> Node:
    away_x, away_y = x - MIDDLE_X, y - MIDDLE_Y
    anchor = "middle" if abs(away_x) < 1 else "start" if away_x > 0 else "end"
    return Node(
        label=label,
        x=x,
        y=y,
        label_x=round(MIDDLE_X + away_x * LABEL_AWAY, 1),
        label_y=round(MIDDLE_Y + away_y * LABEL_AWAY + 5, 1),
        anchor=anchor,
    )
