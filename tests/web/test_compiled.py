"""Templates that are compiled once and kept: the same words, wherever they come from."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from planner.web.rendering import COMPILED, Compiled
from tests.conftest import World


def said(folder: Path, source: str) -> str:
    """By a process that has just begun."""
    cache = Compiled(str(folder), "%s")
    return (
        Environment(loader=DictLoader({"a": source}), bytecode_cache=cache, autoescape=True)
        .get_template("a")
        .render()
    )


def test_what_is_kept_is_used_until_its_source_is_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    kept = tmp_path / "made" / "templates"
    assert said(kept, "een {{ 1 }}") == "een 1"
    (file,) = kept.iterdir()
    first = file.stat().st_mtime_ns
    assert said(kept, "een {{ 1 }}") == "een 1" and file.stat().st_mtime_ns == first, "not compiled again"
    assert said(kept, "twee {{ 2 }}") == "twee 2"


def test_where_nothing_may_be_written_nothing_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    assert said(Path("/proc/templates"), "een {{ 1 }}") == "een 1"
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert said(tmp_path / "kept", "een {{ 1 }}") == "een 1"
    assert not (tmp_path / "kept").exists()


def test_never_in_the_folder_of_the_data(world: World) -> None:
    """What a page may write does not run."""
    cache = world.app.jinja_env.bytecode_cache
    assert isinstance(cache, Compiled) and Path(cache.directory) == COMPILED
    assert not COMPILED.is_relative_to(world.settings.instance)
