"""Files of what the panel's page shows, with source and licence inside."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import xlsxwriter
from django.utils.translation import gettext as _

from convive.observatory import charts, compute
from convive.observatory.actions import Download
from convive.observatory.panel.charts import funnel_spec, unit_spec, years_spec
from convive.observatory.panel.presenters import funnel_row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from convive.observatory.panel.presenters import PanelPage
    from convive.observatory.selection import Selection

    Table = list[list[str]]

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "svg": "image/svg+xml",
    "png": "image/png",
}


def years_table(page: PanelPage) -> Table:
    spread = ["5 %", "25 %", _("median"), "75 %", "95 %"]
    own = [_("incidents"), _("rate per 100,000"), _("interval (0.95)")]
    head = [_("year"), _("municipalities"), *spread, *own, _("note")]
    return [head] + [
        [str(r.year), r.units, *r.spread, r.count, r.rate, r.interval, r.words]
        for r in page.rows
    ]


def funnel_table(page: PanelPage) -> Table:
    head = [_("code"), _("municipality"), _("department"), _("residents"),
            _("incidents"), _("rate per 100,000"), _("note")]  # fmt: skip
    if page.funnel is None:
        return [head]
    funnel = page.funnel.funnel
    rows = [funnel_row(funnel, i) for i in range(len(funnel.codes))]
    return [head] + [list(vars(row).values()) for row in _in_order(rows)]


def _in_order(rows: Sequence[Any]) -> list[Any]:
    """Columns as the heading names them."""
    return sorted(rows, key=lambda row: row.code)


def unit_table(page: PanelPage) -> Table:
    head = [_("year"), _("incidents"), _("residents"), _("rate per 100,000"),
            _("interval (0.95)")]  # fmt: skip
    years = page.unit.years if page.unit else ()
    return [head] + [
        [str(y.year), y.count, y.population, y.rate, y.interval] for y in years
    ]


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
    rows = TABLES[table](page)
    if file_format in {"svg", "png"}:
        spec = spec_of(table, page)
        if spec is None:
            return None
        draw = charts.to_svg if file_format == "svg" else charts.to_png
        content = draw(spec)
    else:
        write = _csv if file_format == "csv" else _xlsx
        content = write(rows, _about(page))
    batches = compute.sources_behind(selection, selection.where)
    numbers = tuple(batch.number for batch in batches)
    return Download(f"panel-{table}", file_format, content, len(rows) - 1, numbers)


def _about(page: PanelPage) -> list[str]:
    panel = page.panel
    return [
        f"{panel.name_text} · {page.place.name}",
        f"{panel.source_text} · {panel.licence}",
        panel.note_text,
        *page.notices,
    ]


def _csv(rows: Table, about: list[str]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([[_safe(cell) for cell in row] for row in rows])
    writer.writerow([])
    writer.writerows([[f"# {line}"] for line in about if line])
    # Excel takes a file for Windows-1252 unless it begins with a mark.
    return text.getvalue().encode("utf-8-sig")


def _safe(cell: str) -> str:
    """A spreadsheet runs a text that begins like a formula; a quote stops that."""
    return f"'{cell}" if cell[:1] in {"=", "+", "@", "\t"} else cell


def _xlsx(rows: Table, about: list[str]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False}) as book:
        sheet, bold = book.add_worksheet(_("Data")), book.add_format({"bold": True})
        sheet.write_row(0, 0, rows[0], bold)
        for position, row in enumerate(rows[1:], start=1):
            sheet.write_row(position, 0, row)
        sheet.autofit()
        notes = book.add_worksheet(_("About"))
        notes.write_column(0, 0, [line for line in about if line])
    return file.getvalue()
