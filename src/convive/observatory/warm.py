"""Load what the first page would wait for, beside the first requests."""

from __future__ import annotations

import threading


def warm() -> None:
    threading.Thread(target=_load, name="warm", daemon=True).start()


def _load() -> None:
    """The query engine, the exact tests and the drawing engine take a second each."""
    import ibis
    import vl_convert

    from convive.stats import rate_ratio

    ibis.duckdb.connect().disconnect()
    rate_ratio(1, 1.0, 2, 1.0)
    vl_convert.vegalite_to_svg({"data": {"values": []}, "mark": "bar"})
