"""A fresh database for every test: a copy of one that was migrated and filled once.

SQLite copies a file. PostgreSQL copies a database inside a server of our own, started in a temporary folder.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import psycopg

from planner.migrations import run as migrations


class Databases(Protocol):
    """Names are used again: what is known of a database in one place serves the next test too."""

    def make_template(self, fill: Callable[[str], None]) -> None: ...
    def fresh(self, like: str | None = None) -> str:
        """The address of a new copy: of the template, or of a database that nobody has open."""
        ...

    def drop(self, url: str) -> None: ...


class Names:
    """Of databases: a free one first."""

    def __init__(self) -> None:
        self._free: list[str] = []
        self._made = 0

    def take(self) -> str:
        if self._free:
            return self._free.pop()
        self._made += 1
        return f"test{self._made}"

    def give_back(self, name: str) -> None:
        self._free.append(name)


class SqliteDatabases:
    def __init__(self, folder: Path) -> None:
        self.folder, self.names = folder, Names()
        self.template = folder / "template.sqlite"

    def make_template(self, fill: Callable[[str], None]) -> None:
        url = f"sqlite:///{self.template}"
        migrations.upgrade(url)
        fill(url)

    def fresh(self, like: str | None = None) -> str:
        path = self.folder / f"{self.names.take()}.sqlite"
        shutil.copy(like.removeprefix("sqlite:///") if like else self.template, path)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        for path in self.folder.glob(Path(url).name + "*"):
            path.unlink()
        self.names.give_back(Path(url).stem)


class PostgresDatabases:
    def __init__(self, server: str) -> None:
        self.server, self.names = server, Names()

    def _run(self, sql: str) -> None:
        """As the server's own superuser; the planner's role may only use what it owns, under row-level security."""
        with psycopg.connect(
            f"postgresql://postgres@/postgres?host={self.server}", autocommit=True
        ) as connection:
            connection.execute(sql)  # type: ignore[call-overload]

    def _url(self, name: str) -> str:
        return f"postgresql+psycopg://planner@/{name}?host={self.server}"

    def make_template(self, fill: Callable[[str], None]) -> None:
        self._run("CREATE ROLE planner LOGIN CREATEDB")
        self._run("CREATE DATABASE template_planner OWNER planner")
        migrations.upgrade(self._url("template_planner"))
        fill(self._url("template_planner"))

    def fresh(self, like: str | None = None) -> str:
        name, template = self.names.take(), _name(like) if like else "template_planner"
        self._run(f"CREATE DATABASE {name} OWNER planner TEMPLATE {template} STRATEGY file_copy")
        return self._url(name)

    def drop(self, url: str) -> None:
        self._run(f"DROP DATABASE {_name(url)} WITH (FORCE)")
        self.names.give_back(_name(url))


def _name(url: str) -> str:
    """The name of a database in our own server."""
    return url.split("/")[3].partition("?")[0]


@contextmanager
def quick_folder() -> Iterator[Path]:
    """A folder in memory where there is room for one: a test waits for no disk. Gone afterwards."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 500_000_000
    folder = Path(tempfile.mkdtemp(prefix="planner-db-", dir=memory if roomy else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def postgres_programs() -> Path | None:
    """The folder of a PostgreSQL server's programs: Debian's, or one on the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


@contextmanager
def postgres_server(programs: Path) -> Iterator[str]:
    """A server that listens on a socket in its own folder only; gives that folder."""
    with quick_folder() as folder:
        user = None
        if os.geteuid() == 0:  # the server refuses to run as root
            user = "postgres"
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)

        def run(*command: object) -> None:
            words = [str(word) for word in command]
            subprocess.run(words, user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL)

        data = folder / "data"
        run(programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = (
            f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c max_connections=60"
        )
        run(programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
        try:
            yield str(folder)
        finally:
            run(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
