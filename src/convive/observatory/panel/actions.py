"""Writes of comparison panels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from convive.core import audit
from convive.core.text import slug
from convive.incidents import iccs
from convive.observatory.models import Panel, PanelFigure
from convive.observatory.panel.reading import PanelFileError, read_figures

if TYPE_CHECKING:
    from pathlib import Path

    from convive.core.actors import Actor

_BATCH = 2_000


@dataclass(frozen=True)
class PanelFacts:
    """What is said of a panel as a whole."""

    name: str
    source: str
    licence: str
    iccs: str = "0101"
    note: str = ""


@audit.action
def import_panel(*, by: Actor, file: Path, facts: PanelFacts) -> Panel:
    """Load a panel, or put it in the stead of the one of that name; all or none."""
    if facts.iccs not in iccs.codes():
        raise PanelFileError(
            _("“%(code)s” is not an ICCS code. Homicide is 0101.")
            % {"code": facts.iccs}
        )
    figures = read_figures(file)
    panel, _is_new = Panel.objects.update_or_create(
        slug=slug(facts.name)[:60], defaults=vars(facts)
    )
    panel.figures.all().delete()
    PanelFigure.objects.bulk_create(
        (PanelFigure(panel=panel, **vars(figure)) for figure in figures),
        batch_size=_BATCH,
    )
    audit.record(
        by=by,
        sentence=gettext_noop("%(by)s loaded the panel %(name)s: %(count)s figures"),
        about=panel,
        name=facts.name,
        count=len(figures),
        source=facts.source,
    )
    return panel
