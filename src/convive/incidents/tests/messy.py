"""A workbook such as offices send: titles, merged headings, subtotals, bad rows."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import xlsxwriter

if TYPE_CHECKING:
    from pathlib import Path

ROWS: list[list[Any]] = [
    ["{p}-001", datetime(2011, 12, 2), "19:40", "Homicidio", "Hombre", 23, "Pistola"],
    ["{p}-002", "05/12/2011", "7:15 pm", "Homicidio", "Mujer", 31, "Corvo"],
    ["{p}-003", "9 de diciembre de 2011", "", "Robo", "M", "", "Desconocido"],
    ["{p}-004", "12-12-11", "23.30", "Lesiones", "F", 19, "Arma blanca"],
    ["{p}-005", "99/12/2011", "10:00", "Robo", "Hombre", 40, "Pistola"],
    ["{p}-006", "20/12/2011", "08:05", "Hurto de muñecos", "Mariposa", 27, "Ninguna"],
    ["{p}-007", "28/12/2011", "12:00", "Hurto de muñecos", "Mujer", 52, "Desconocido"],
]
READ, ACCEPTED, REJECTED = 7, 5, 2


def write_messy_workbook(path: Path, prefix: str) -> Path:
    """Seven records, two of them bad, between titles and a subtotal."""
    book = xlsxwriter.Workbook(str(path))
    sheet, bold = book.add_worksheet("Diciembre"), book.add_format({"bold": True})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write(0, 0, "POLICÍA NACIONAL CIVIL — Delegación Sonsonate", bold)
    sheet.write(1, 0, "Hechos de diciembre de 2011")
    sheet.merge_range(3, 4, 3, 5, "Víctima", bold)
    for column, heading in enumerate(
        ["Expediente", "Fecha", "Hora", "Delito", "Sexo", "Edad", "Arma"]
    ):
        sheet.write(4, column, heading, bold)
    for number, row in enumerate(ROWS):
        for column, cell in enumerate(row):
            if isinstance(cell, datetime):
                sheet.write_datetime(5 + number, column, cell, day)
            elif isinstance(cell, str):
                sheet.write_string(5 + number, column, cell.format(p=prefix))
            else:
                sheet.write(5 + number, column, cell)
    sheet.write(5 + len(ROWS), 0, "Subtotal")
    sheet.write(5 + len(ROWS), 3, len(ROWS))
    book.add_worksheet("Notas").write(0, 0, "Elaborado por la delegación")
    book.close()
    return path
