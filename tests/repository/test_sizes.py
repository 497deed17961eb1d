"""Files stay small enough to read: the cap, not the average, is what slips."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINES = {".py": 500, ".html": 150, ".css": 900, ".js": 300}
ROOMS = (
    "core",
    "accounts",
    "places",
    "partners",
    "incidents",
    "programme",
    "observatory",
    "website",
)
FURNITURE = {
    "__init__.py",
    "apps.py",
    "models.py",
    "workflow.py",
    "permissions.py",
    "policies.py",
    "actions.py",
    "compute.py",
    "forms.py",
    "presenters.py",
    "views.py",
    "urls.py",
    "api.py",
    "commands.py",
}
# What a room has beyond the usual furniture, each with its one idea.
OWN = {
    "core": {
        "actors.py",
        "audit.py",
        "form_page.py",
        "home.py",
        "jobs.py",
        "middleware.py",
        "refusals.py",
        "text.py",
    },
    "accounts": {
        "adapter.py",
        "cast.py",
        "directory.py",
        "middleware.py",
        "roles.py",
        "sign_in_urls.py",
    },
    "places": {
        "boundaries.py",
        "directory.py",
        "index_cache.py",
        "names.py",
        "outline.py",
        "population.py",
        "shapefiles.py",
        "signals.py",
        "tables.py",
        "uploads.py",
    },
    "partners": {"due.py", "fields.py"},
    "incidents": {
        "claiming.py",
        "iccs.py",
        "importing.py",
        "offices.py",
        "previewing.py",
        "reference.py",
        "tasks.py",
        "uploads.py",
        "uses.py",
    },
    "programme": set(),
    "observatory": {
        "answers.py",
        "asking.py",
        "charts.py",
        "disclosure.py",
        "downloads.py",
        "files.py",
        "guide.py",
        "interactive.py",
        "parts.py",
        "schemas.py",
        "selection.py",
        "warm.py",
    },
    "website": {
        "assets.py",
        "context.py",
        "demo.py",
        "demo_diagnosis.py",
        "demo_unit.py",
        "menu.py",
        "middleware.py",
        "settings.py",
        "showcase.py",
        "tasks.py",
        "worker.py",
        "wsgi.py",
    },
}


def source_files(suffix: str) -> list[Path]:
    found = [*(ROOT / "src").rglob(f"*{suffix}"), *(ROOT / "tests").rglob(f"*{suffix}")]
    return [path for path in found if "migrations" not in path.parts]


@pytest.mark.parametrize("suffix", LINES)
def test_no_file_outgrows_its_page(suffix):
    long = {
        str(path.relative_to(ROOT)): count
        for path in source_files(suffix)
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LINES[suffix]
    }

    assert long == {}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_has_only_the_furniture_it_needs(room):
    files = {path.name for path in (ROOT / "src/convive" / room).glob("*.py")}

    assert files - FURNITURE - OWN[room] == set()


def test_no_file_has_a_name_that_says_nothing():
    empty_words = {"utils", "helpers", "misc", "manager", "handler", "service"}

    assert [path for path in source_files(".py") if path.stem in empty_words] == []
