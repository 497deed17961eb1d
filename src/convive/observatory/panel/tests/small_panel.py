"""A panel of forty municipalities with rates known by hand."""

from __future__ import annotations

from convive.observatory.models import Panel, PanelFigure

UNITS = 40
YEARS = (2008, 2009)
RESIDENTS = 100_000


def make_small_panel() -> Panel:
    """Unit k of 40 has k homicides among 100,000: the rates are 1 to 40."""
    panel = Panel.objects.create(
        slug="hand-made",
        name="Hand-made",
        iccs="0101",
        source="a test",
        licence="CC0",
        note="Definitions differ.",
    )
    PanelFigure.objects.bulk_create(
        PanelFigure(
            panel=panel,
            code=f"{k:05}",
            name=f"Pueblo {k}",
            region="Norte",
            year=year,
            count=k,
            population=RESIDENTS,
        )
        for k in range(1, UNITS + 1)
        for year in YEARS
    )
    return panel
