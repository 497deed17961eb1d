"""What a person asked for that is not possible now."""

from __future__ import annotations


class RefusedError(Exception):
    """The change is not possible; the sentence says why and what to do."""
