"""The offices whose lists of incidents are imported, by the code kept in a batch."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

OFFICES: dict[str, str] = {
    "police": gettext_noop("Police"),
    "prosecutor": gettext_noop("Prosecutor's office"),
    "forensics": gettext_noop("Forensic institute"),
    "health": gettext_noop("Health services"),
    "courts": gettext_noop("Courts"),
    "municipal_police": gettext_noop("Municipal police"),
    "emergency": gettext_noop("Emergency calls"),
}


def label(source: str) -> str:
    """The office's name, or its code where it is one of the installation's own."""
    return _(OFFICES[source]) if source in OFFICES else source
