"""Files of what the panel's page shows, with source and licence inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from convive.observatory import compute, files
from convive.observatory.actions import Download
from convive.observatory.panel.charts import funnel_spec, unit_spec, years_spec
from convive.observatory.panel.presenters import funnel_row
from convive.observatory.presenters import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from convive.observatory.files import Told
    from convive.observatory.panel.presenters import PanelPage
    from convive.observatory.selection import Selection

FORMATS = ("csv", "xlsx", "svg", "png")


def years_table(page: PanelPage) -> Table:
    spread = ["5 %", "25 %", _("median"), "75 %", "95 %"]
    own = [_("incidents"), _("rate per 100,000"), _("interval (0.95)")]
    columns = (_("year"), _("municipalities"), *spread, *own, _("note"))
    return Table(
        columns,
        [
            [r.year, r.units, *r.spread, r.count, r.rate, r.interval, r.words]
            for r in page.rows
        ],
    )


def funnel_table(page: PanelPage) -> Table:
    columns = (_("code"), _("municipality"), _("department"), _("residents"),
               _("incidents"), _("rate per 100,000"), _("note"))  # fmt: skip
    if page.funnel is None:
        return Table(columns, [])
    funnel = page.funnel.funnel
    rows = [funnel_row(funnel, i) for i in range(len(funnel.codes))]
    return Table(columns, [list(vars(row).values()) for row in _in_order(rows)])


def _in_order(rows: Sequence[Any]) -> list[Any]:
    """Columns as the heading names them."""
    return sorted(rows, key=lambda row: row.code)


def unit_table(page: PanelPage) -> Table:
    columns = (_("year"), _("incidents"), _("residents"), _("rate per 100,000"),
               _("interval (0.95)"))  # fmt: skip
    years = page.unit.years if page.unit else ()
    return Table(
        columns, [[y.year, y.count, y.population, y.rate, y.interval] for y in years]
    )


TABLES: dict[str, Callable[[PanelPage], Table]] = {
    "years": years_table,
    "funnel": funnel_table,
    "unit": unit_table,
}


def spec_of(table: str, page: PanelPage) -> dict[str, Any] | None:
    if table == "years":
        return years_spec(page)
    if table == "unit" and page.unit:
        return unit_spec(page)
    if table == "funnel" and page.funnel:
        return funnel_spec(page.funnel, page.place.name)
    return None


def make(
    table: str, file_format: str, page: PanelPage, selection: Selection
) -> Download | None:
    """The file, or None where there is nothing to draw."""
    made, told = TABLES[table](page), _told(page, selection)
    if file_format in {"svg", "png"}:
        spec = spec_of(table, page)
        if spec is None:
            return None
        content = files.picture(spec, file_format, told)
    else:
        write = files.to_csv if file_format == "csv" else files.to_xlsx
        content = write(made, told)
    batches = compute.sources_behind(selection, selection.where)
    numbers = tuple(batch.number for batch in batches)
    return Download(f"panel-{table}", file_format, content, len(made.rows), numbers)


def _told(page: PanelPage, selection: Selection) -> Told:
    panel, known_on = page.panel, selection.known_on or timezone.localdate()
    return [
        (_("Figures"), f"{panel.name_text} · {page.place.name}"),
        (_("Source"), panel.source_text),
        (_("Terms of use"), panel.licence),
        (_("Known on"), known_on.isoformat()),
        *((_("Note"), note) for note in (panel.note_text, *page.notices) if note),
    ]
