"""Every pair of ink and paper of the stylesheet is legible in both themes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from convive.website import showcase

CSS = (Path(showcase.__file__).parent / "static/website/convive.css").read_text("utf-8")
# WCAG 2.2: 1.4.3 for text, 1.4.11 for the edges of controls and the focus ring.
TEXT, EDGE = 4.5, 3.0
PAPERS = ("paper", "card", "accent-soft")
PAIRS = [
    *[(ink, paper, TEXT) for ink in ("ink", "ink-soft", "accent") for paper in PAPERS],
    *[(ink, f"{kind}-soft", TEXT) for kind in ("warm", "bad", "good")
      for ink in ("ink", "ink-soft", kind)],
    *[(kind, paper, TEXT) for kind in ("warm", "bad", "good")
      for paper in ("paper", "card")],
    ("bad", "accent-soft", TEXT),
    ("accent-ink", "accent", TEXT),
    ("paper", "ink", TEXT),
    ("mast-ink", "mast", TEXT),
    ("mast-focus", "mast", EDGE),
    *[("focus", paper, EDGE) for paper in PAPERS],
    *[("edge", paper, EDGE) for paper in PAPERS],
]  # fmt: skip


def tokens(selector: str) -> dict[str, str]:
    start = CSS.index("{", CSS.index(selector))
    block = CSS[start : CSS.index("}", start)]
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))


THEMES = {
    "light": tokens(':root, [data-theme="light"]'),
    "dark": tokens('  [data-theme="dark"]'),
}


def luminance(colour: str) -> float:
    """Relative luminance of sRGB, as WCAG defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_formula_gives_the_known_extremes():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == pytest.approx(1)
    # The grey that WCAG's own examples give as just too light on white.
    assert 4.4 < contrast("#777777", "#ffffff") < 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "paper", "least"), PAIRS)
def test_ink_stands_out_from_its_paper(theme, ink, paper, least):
    colours = THEMES[theme]

    assert contrast(colours[ink], colours[paper]) >= least


def test_the_dark_tokens_stand_twice_alike_and_name_the_same_as_the_light():
    asked_by_system = tokens(':root:not([data-theme="light"])')

    assert asked_by_system == THEMES["dark"]
    assert THEMES["light"].keys() == THEMES["dark"].keys()


def test_no_colour_is_written_outside_the_tokens():
    after = CSS[CSS.index("/* Elements */") : CSS.index("/* Rooms:")]

    # White stays under charts, which are drawn for white.
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", after)) <= {"#ffffff"}
