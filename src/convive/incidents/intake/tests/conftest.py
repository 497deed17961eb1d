from datetime import date

import numpy as np
import pytest

from convive.incidents.intake import Reference, Term, check, read_sheet, recognise


class Square:
    """One municipality: Acajutla, from 89 to 90 west and 13 to 14 north."""

    paths = ("sv/sonsonate/acajutla", None)

    def positions(self, longitude, latitude):
        inside = (abs(longitude + 89.5) < 0.5) & (abs(latitude - 13.5) < 0.5)
        return np.where(inside, 0, -1).astype(np.int32)


def make_reference(**others):
    known = {
        "terms": {
            "homicidio": Term("0101"),
            "robo con arma de fuego": Term("0401", "firearm"),
        },
        "municipalities": {
            "acajutla": "sv/sonsonate/acajutla",
            "sonsonate": "sv/sonsonate/sonsonate",
        },
        "municipality_locator": Square(),
    }
    return Reference("sv/sonsonate", "pnc", date(2026, 11, 24), **known | others)


@pytest.fixture
def reference():
    return make_reference()


@pytest.fixture
def intake(tmp_path, reference):
    """Read and check a file of this content."""

    def take(content, name="hechos.csv", encoding="utf-8"):
        path = tmp_path / name
        data = content if isinstance(content, bytes) else content.encode(encoding)
        path.write_bytes(data)
        sheet = read_sheet(path)
        return check(sheet, recognise(sheet), reference)

    return take
