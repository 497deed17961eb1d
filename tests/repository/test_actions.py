"""Every write of a room is an audited action."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
MODULES = [
    ".".join(path.relative_to(SOURCE).with_suffix("").parts)
    for path in sorted(SOURCE.rglob("actions.py"))
]


@pytest.mark.parametrize("module_name", MODULES)
def test_every_public_function_of_actions_is_audited_and_says_who(module_name):
    module = importlib.import_module(module_name)
    public = {
        name: function
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module_name and not name.startswith("_")
    }

    assert public
    assert [n for n, f in public.items() if not getattr(f, "is_action", False)] == []
    assert [
        n for n, f in public.items() if "by" not in inspect.signature(f).parameters
    ] == []


@pytest.mark.django_db
def test_models_and_migrations_agree():
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
