"""The key of the tokens: one for a data folder, and closed to everybody else."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from infrastructure import settings
from infrastructure.secret_key import secret_key


def test_a_key_that_was_set_is_used_and_nothing_is_written(tmp_path: Path) -> None:
    found = secret_key(settings.load(data_dir=tmp_path / "var", secret="k" * 32))
    assert found == b"k" * 32
    assert not (tmp_path / "var").exists()


def test_a_key_is_made_once_for_a_data_folder_also_by_many_at_once(tmp_path: Path) -> None:
    chosen = settings.load(data_dir=tmp_path / "var")
    with ThreadPoolExecutor(8) as pool:
        [key] = set(pool.map(secret_key, [chosen] * 32))
    assert len(key) == 32
    assert secret_key(settings.load(data_dir=tmp_path / "other")) != key
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret.key"]
    assert stat.S_IMODE((tmp_path / "var" / "secret.key").stat().st_mode) == 0o600


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    chosen = settings.load(data_dir=tmp_path)
    secret_key(chosen)
    (tmp_path / "secret.key").chmod(0o640)
    with pytest.raises(PermissionError, match="可被其他用户读取"):
        secret_key(chosen)


def test_a_key_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    chosen = settings.load(data_dir=tmp_path)
    secret_key(chosen)
    (tmp_path / "secret.key").write_bytes(b"short")
    with pytest.raises(ValueError, match="不足 32 字节"):
        secret_key(chosen)
