"""Static files are collected when they changed, and only then."""

from __future__ import annotations

import gzip
import json
import re

import pytest

from convive.website import assets


@pytest.fixture
def root(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "static"
    return settings.STATIC_ROOT


def test_files_are_named_by_their_content_and_compressed(root):
    assert assets.collect_when_changed()

    named = json.loads((root / "staticfiles.json").read_text())["paths"]
    style = root / named["website/convive.css"]
    assert style.name != "convive.css"
    packed = style.with_name(style.name + ".gz").read_bytes()
    assert gzip.decompress(packed) == style.read_bytes()


def test_a_second_start_collects_nothing(root):
    assets.collect_when_changed()

    assert not assets.collect_when_changed()


def test_a_collection_cut_short_is_done_again(root):
    assets.collect_when_changed()
    (root / assets.STAMP).unlink()

    assert assets.collect_when_changed()


def test_another_version_collects_again(root, monkeypatch):
    assets.collect_when_changed()
    monkeypatch.setattr("convive.__version__", "9.9.9")

    assert assets.collect_when_changed()


def test_files_that_were_not_collected_are_served_as_they_lie(root):
    assert assets.CollectedFiles().url("website/convive.css").endswith("/convive.css")

    assets.collect_when_changed()

    collected = assets.CollectedFiles().url("website/convive.css")
    assert re.search(r"/convive\.[0-9a-f]{12}\.css$", collected)
