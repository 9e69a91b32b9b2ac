"""A real PostgreSQL for one test module: a throwaway cluster in a temporary folder, on 127.0.0.1 only, run by an
unprivileged user and ended with the tests."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from source_nginx import find_free_port

MISSING = "PostgreSQL is missing: these tests read a real one. Install it: sudo apt-get install postgresql"


def find_programs() -> Path:
    """Debian keeps the server's programs out of PATH, a folder per version."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    path = found[-1] if found else shutil.which("initdb")
    assert path, MISSING
    assert shutil.which("psql"), MISSING
    return Path(path).parent


def unprivileged() -> dict[str, object]:
    """PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return {}
    user = pwd.getpwnam("postgres" if any(one.pw_name == "postgres" for one in pwd.getpwall()) else "nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


class Cluster:
    def __init__(self, port: int) -> None:
        self.port = port

    @property
    def dsn(self) -> str:
        return f"host=127.0.0.1 port={self.port} dbname=postgres user=loader"

    def command(self) -> list[str]:
        return ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", self.dsn]

    def run(self, sql: str) -> str:
        done = subprocess.run([*self.command(), "-At"], input=sql, text=True, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def open_session(self) -> subprocess.Popen[str]:
        """A session that stays open between statements."""
        return subprocess.Popen(
            [*self.command(), "-At"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )


@contextmanager
def run_cluster() -> Iterator[Cluster]:
    programs, user = find_programs(), unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="baophu-postgres-"))
    try:
        if user:
            os.chown(folder, int(str(user["user"])), int(str(user["group"])))
        data, port = folder / "data", find_free_port()
        options: dict[str, object] = {"cwd": folder, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}, **user}
        create = [programs / "initdb", "-D", data, "-U", "loader", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(list(map(str, create)), check=True, stdout=subprocess.DEVNULL, **options)
        flags = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} -c fsync=off"
        control = [str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log")]
        subprocess.run([*control, "-o", flags, "start"], check=True, stdout=subprocess.DEVNULL, **options)
        try:
            yield Cluster(port)
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=False, stdout=subprocess.DEVNULL, **options)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
