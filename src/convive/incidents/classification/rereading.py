"""Incidents classified otherwise by the table of now are written again.

The old rows are retired and the new ones written in a batch a place and source, so
that a figure of an earlier day still counts by the table of that day.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from convive.core.jobs import silent
from convive.incidents import actions, compute, importing
from convive.incidents.intake import Checked, Field, Reference, Term
from convive.incidents.intake.check import term_of
from convive.incidents.intake.identity import HASHED, content_hash
from convive.incidents.models import Batch, Crosswalk, ImportMode
from convive.incidents.quarantine.actions import begin_derived_batch
from convive.incidents.quarantine.checking import NONE_ACCEPTED
from convive.incidents.reference import latest_crosswalk, terms_of
from convive.warehouse.schema import INCIDENT_SCHEMA, UNCLASSIFIED, Mechanism
from convive.warehouse.store import BATCH_SHIFT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from convive.core.actors import Actor
    from convive.core.jobs import Progress

_NOT_CLASSIFIED = Term(UNCLASSIFIED, "", "")
_KEY = ("batch", "offence_text", "iccs", "mechanism", "relationship")
_CODED = ("iccs", "mechanism", "relationship")
_VAGUE = {Mechanism.UNKNOWN.value, Mechanism.NOT_RECORDED.value}


@dataclass(frozen=True)
class Shift:
    """So many incidents with this text go from one class to another."""

    offence_text: str
    old_iccs: str
    new_iccs: str
    count: int


@dataclass(frozen=True)
class Share:
    """What changes for one place and source; it becomes one batch."""

    place_path: str
    source: str
    batches: tuple[Batch, ...]
    # One row a combination of _KEY, with new_iccs, new_mechanism, new_relationship, n.
    changes: pl.DataFrame

    @property
    def count(self) -> int:
        return int(self.changes["n"].sum())


def plan(country_path: str, places: Sequence[str]) -> list[Share]:
    """What a re-reading of the places' files would change. Nothing is written."""
    latest = latest_crosswalk(country_path)
    batches = {batch.number: batch for batch in _batches(places)}
    if latest is None or not batches:
        return []
    counted = pl.DataFrame(_counts(batches))
    if counted.is_empty():
        return []
    changes = _changes(counted, batches, latest)
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number in changes["batch"].unique().sort().to_list():
        groups[_group(batches[number])].append(number)
    return [
        Share(
            place_path=key[0],
            source=key[1],
            batches=tuple(batches[number] for number in numbers),
            changes=changes.filter(pl.col("batch").is_in(numbers)),
        )
        for key, numbers in groups.items()
    ]


def _batches(places: Sequence[str]) -> Iterable[Batch]:
    recorded = Batch.objects.recorded().select_related("crosswalk").order_by("number")
    return [
        batch
        for batch in recorded
        if any(f"{batch.place_path}/".startswith(f"{place}/") for place in places)
    ]


def _group(batch: Batch) -> tuple[str, ...]:
    """Rows that can share a batch: one place, one office, one thing said of them."""
    mapping = json.dumps(batch.mapping, sort_keys=True)
    return (batch.place_path, batch.source, batch.nature, batch.note, mapping)


def _counts(batches: dict[int, Batch]) -> Any:  # noqa: ANN401 - pyarrow has no types
    live = compute.incidents_known_on()
    live = live.mutate(batch=live.row_id // 2**BATCH_SHIFT)
    mine = live.filter(live.batch.isin(list(batches)))
    return mine.group_by(*_KEY).aggregate(n=mine.count()).to_pyarrow()


def _changes(
    counted: pl.DataFrame, batches: dict[int, Batch], latest: Crosswalk
) -> pl.DataFrame:
    meaning = _Meanings(latest.country_path)
    rows = []
    for row in counted.iter_rows(named=True):
        batch = batches[row["batch"]]
        old = meaning.of(row["offence_text"], batch.crosswalk)
        new = meaning.of(row["offence_text"], latest)
        # Another class than its text had by its table came from the file itself.
        if row["iccs"] != old.iccs:
            continue
        after = {
            "new_iccs": new.iccs,
            "new_mechanism": _implied(row, Field.MECHANISM, old, new, batch),
            "new_relationship": _implied(row, Field.RELATIONSHIP, old, new, batch),
        }
        if any(after[f"new_{name}"] != row[name] for name in _CODED):
            rows.append(row | after)
    schema = dict(counted.schema) | {f"new_{name}": pl.String() for name in _CODED}
    return pl.DataFrame(rows, schema=schema)


def _implied(
    row: dict[str, Any], field: Field, old: Term, new: Term, batch: Batch
) -> str:
    """The mechanism or relationship by the new table.

    What the file states stays. Where its value could be stated or implied, it stays
    too; where the file has no such column it can only have been implied.
    """
    now, said = str(row[field]), str(getattr(new, field))
    is_only_implied = bool(batch.mapping) and field not in batch.mapping["columns"]
    if is_only_implied and now == (str(getattr(old, field)) or now):
        return said or str(Mechanism.NOT_RECORDED)
    return said if said and now in _VAGUE else now


class _Meanings:
    """What each version of the table says of a text, looked up once."""

    def __init__(self, country_path: str) -> None:
        self._country_path = country_path
        self._references: dict[int, Reference] = {}
        self._known: dict[tuple[int, str], Term] = {}

    def of(self, text: str, crosswalk: Crosswalk | None) -> Term:
        if crosswalk is None:
            return _NOT_CLASSIFIED
        key = (crosswalk.pk, text)
        if key not in self._known:
            found = term_of(text, self._reference(crosswalk))
            self._known[key] = found or _NOT_CLASSIFIED
        return self._known[key]

    def _reference(self, crosswalk: Crosswalk) -> Reference:
        if crosswalk.pk not in self._references:
            self._references[crosswalk.pk] = Reference(
                place_path=self._country_path,
                source="",
                today=timezone.localdate(),
                terms=terms_of(crosswalk),
            )
        return self._references[crosswalk.pk]


def shifts(shares: Iterable[Share]) -> list[Shift]:
    """The changes of class by offence text, the largest first."""
    tables = [share.changes for share in shares]
    if not tables:
        return []
    keys = ["offence_text", "iccs", "new_iccs"]
    counted = pl.concat(tables).group_by(keys).agg(pl.col("n").sum())
    ordered = counted.sort(["n", "offence_text"], descending=[True, False])
    return [Shift(*row) for row in ordered.select(*keys, "n").iter_rows()]


def reread(
    *,
    by: Actor,
    country_path: str,
    places: Sequence[str],
    progress: Progress = silent,
) -> list[Batch]:
    """Write again what the table of now classifies otherwise, a share at a time.

    Stopped between two shares, the written ones stay: each is whole by itself.
    """
    phase = gettext_noop("Classifying again")
    with compute.exclusive():
        importing.recover()
        shares = plan(country_path, places)
        written = []
        for done, share in enumerate(shares):
            progress(done, len(shares), phase)
            written.append(_write(by, share))
    progress(len(shares), max(len(shares), 1), phase)
    return written


def _write(by: Actor, share: Share) -> Batch:
    before = _rows(share)
    after = _renumbered(_reclassified(before, share.changes), share)
    rows = after.select(INCIDENT_SCHEMA.names[1:]).to_arrow()
    rows = rows.cast(INCIDENT_SCHEMA.remove(0))
    retired = before["row_id"].sort().to_numpy()
    none = compute.difference(
        NONE_ACCEPTED, share.place_path, share.source, ImportMode.ADD
    )
    change = dataclasses.replace(
        none, changed=rows.num_rows, rows=rows, retired=retired
    )
    batch = begin_derived_batch(
        by=by,
        like=share.batches[-1],
        sources=share.batches,
        file_name=_name(share),
        digest=hashlib.sha256(retired.tobytes()).hexdigest(),
    )
    compute.warehouse().write_batch(batch.number, change.rows, change.retired)
    checked = Checked(rows, [], rows.num_rows, {})
    return actions.record_batch(by=by, batch=batch, checked=checked, change=change)


def _name(share: Share) -> str:
    latest = latest_crosswalk(share.place_path)
    facts = {
        "version": latest.version if latest else 0,
        "batches": ", ".join(str(batch.number) for batch in share.batches[:10]),
    }
    return _("Offence table, version %(version)s: batches %(batches)s") % facts


def _rows(share: Share) -> pl.DataFrame:
    live = compute.incidents_known_on()
    live = live.mutate(batch=live.row_id // 2**BATCH_SHIFT)
    numbers = [batch.number for batch in share.batches]
    texts = share.changes["offence_text"].unique().to_list()
    mine = live.filter(live.batch.isin(numbers) & live.offence_text.isin(texts))
    rows = pl.DataFrame(mine.to_pyarrow()).join(
        share.changes.drop("n"), on=_KEY, how="semi"
    )
    return rows.sort("row_id")


def _reclassified(rows: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    joined = rows.join(changes.drop("n"), on=_KEY, how="left", maintain_order="left")
    return joined.with_columns(**{name: pl.col(f"new_{name}") for name in _CODED})


def _renumbered(rows: pl.DataFrame, share: Share) -> pl.DataFrame:
    """New hashes; a number made from the content follows it, as on a new import.

    Where the new number counts already, the file came in again after the table was
    changed: the same incident stands twice, and one of the two goes.
    """
    hashes = content_hash(rows.select(HASHED).to_dict())
    old, new = (
        pl.Series([f"{value:016x}" for value in values.tolist()], dtype=pl.String)
        for values in (rows["content_hash"].to_numpy().view(np.uint64), hashes)
    )
    is_derived = pl.col("incident_id").str.starts_with(pl.col("old") + "-")
    ordinal = pl.col("incident_id").str.split("-").list.last()
    numbered = rows.with_columns(
        old=old, new=new, content_hash=pl.Series(hashes.view(np.int64))
    ).with_columns(
        incident_id=pl.when(is_derived)
        .then(pl.col("new") + "-" + ordinal)
        .otherwise("incident_id")
    )
    others = compute.identities_now(share.source, share.place_path).filter(
        ~pl.col("row_id").is_in(rows["row_id"].implode())
    )
    single = numbered.unique("incident_id", keep="first", maintain_order=True)
    return single.join(
        others.select("incident_id"),
        on="incident_id",
        how="anti",
        maintain_order="left",
    )
