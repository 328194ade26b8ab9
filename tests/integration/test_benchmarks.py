"""The benchmark runs and says what it should; its figures are not judged here."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.__main__ import run


@pytest.mark.timeout(600)
def test_every_figure_is_measured_and_no_position_is_missing(tmp_path: Path) -> None:
    figures = {one.name.strip(): one for one in run(tmp_path / "bench.json", smoke=True)}
    assert all(one.value > 0 for name, one in figures.items() if one.baseline is not None)
    assert figures["positions missing or double"].holds
    assert figures["refused or failed"].holds
    assert figures["of them answered otherwise"].holds
    assert (tmp_path / "bench.json").is_file()
