"""A place on another machine where snapshots are published: a shared folder, HTTP(S), S3 or whatever else fsspec knows."""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from data.errors import UserError

CHUNK = 1 << 20
CONNECT_SECONDS, SILENCE_SECONDS = 10, 30
WEB = ("http", "https")


class SourceUnavailable(UserError):
    """The place cannot be reached, or what lies there cannot be used. What was fetched before stays in force."""


class Remote:
    """One place. Every path is relative to its address."""

    def __init__(self, url: str) -> None:
        """Raises SourceUnavailable where nothing installed can read such an address."""
        from fsspec.core import url_to_fs  # loaded only where there is a source: most installations have none

        self.shown = hide_password(url)
        scheme = url.split("://", 1)[0] if "://" in url else "file"
        self.is_web = scheme in WEB
        try:
            self._files, self._root = url_to_fs(url, **(web_options() if self.is_web else {}))
        except (ValueError, ImportError, OSError) as problem:
            raise SourceUnavailable(
                "SOURCE-ADDRESS", "source.address", url=self.shown, detail=first_line(problem)
            ) from problem
        self._root = self._root.rstrip("/")
        # A folder shows a file while it is written; an object store shows it once it is whole.
        self._is_folder = scheme in ("file", "local")

    def _place(self, path: str) -> str:
        return f"{self._root}/{path}"

    def read_small(self, path: str, most: int) -> bytes:
        """A small file. Raises SourceUnavailable where it is not there or has more than `most` bytes."""
        content = bytearray()
        for chunk in self._read(path):
            content += chunk
            if len(content) > most:
                raise SourceUnavailable("SOURCE-TOO-LARGE", "source.too_large", file=path, url=self.shown)
        return bytes(content)

    def fetch(self, path: str, into: Path, size: int, sha256: str) -> None:
        """Write a file to `into`, which is there and whole afterwards or not there at all. Raises SourceUnavailable where it
        has another size or sum than was said."""
        digest, got = hashlib.sha256(), 0
        try:
            with into.open("wb") as stream:
                for chunk in self._read(path):
                    got += len(chunk)
                    if got > size:
                        break
                    digest.update(chunk)
                    stream.write(chunk)
                stream.flush()
            if got != size or digest.hexdigest() != sha256:
                raise SourceUnavailable(
                    "SOURCE-DAMAGED", "source.damaged", file=path, got=got, size=size, url=self.shown
                )
        except BaseException:
            into.unlink(missing_ok=True)
            raise

    def _read(self, path: str) -> Iterator[bytes]:
        # Without `size` the web side asks first, and takes every failure of that question for a missing file.
        options: dict[str, Any] = {"block_size": 0, "size": 1} if self.is_web else {}
        with self._explained(path):
            stream = self._files.open(self._place(path), "rb", **options)
        try:
            while True:
                with self._explained(path):
                    chunk = stream.read(CHUNK)
                if not chunk:
                    return
                yield chunk
        finally:
            with suppress(Exception):
                stream.close()

    def size_of(self, path: str) -> int | None:
        """The bytes of a file; None where it is not there."""
        with self._explained(path):
            try:
                return int(self._files.info(self._place(path))["size"])
            except FileNotFoundError:
                return None

    def put(self, file: Path, path: str) -> None:
        """Upload a file; whoever reads it sees it whole or not at all."""
        self._write(path, lambda place: self._files.put_file(str(file), place))

    def put_bytes(self, content: bytes, path: str) -> None:
        """Replace a small file as a whole."""
        self._write(path, lambda place: self._files.pipe_file(place, content))

    def _write(self, path: str, write: Callable[[str], object]) -> None:
        if self.is_web:
            raise SourceUnavailable("SOURCE-READ-ONLY", "source.read_only", url=self.shown)
        place = self._place(path)
        with self._explained(path):
            if not self._is_folder:
                write(place)
                return
            folder, name = place.rsplit("/", 1)
            partial = f"{folder}/.{name}.partial"
            self._files.makedirs(folder, exist_ok=True)
            write(partial)
            Path(partial).replace(place)

    def list_names(self, folder: str) -> list[str]:
        """The names of the files in a folder; none where it is not there."""
        with self._explained(folder):
            try:
                found = self._files.ls(self._place(folder), detail=False)
            except FileNotFoundError:
                return []
        return sorted(str(one).rstrip("/").rsplit("/", 1)[-1] for one in found)

    def remove(self, path: str) -> None:
        """Remove a file; one that is gone already is none of our concern."""
        with self._explained(path), suppress(FileNotFoundError):
            self._files.rm_file(self._place(path))

    def _explained(self, path: str) -> "Explained":
        return Explained(path, self.shown)


class Explained:
    """Says in one sentence what a place answered. Each kind of place has exceptions of its own, so all are taken here."""

    def __init__(self, path: str, shown: str) -> None:
        self._path, self._shown = path, shown

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, problem: BaseException | None, trace: object) -> None:
        if problem is None or not isinstance(problem, Exception) or isinstance(problem, UserError):
            return
        if isinstance(problem, FileNotFoundError):
            raise SourceUnavailable("SOURCE-MISSING", "source.missing", file=self._path, url=self._shown) from problem
        raise SourceUnavailable(
            "SOURCE-DOWN", "source.unreachable", url=self._shown, detail=first_line(problem)
        ) from problem


def web_options() -> dict[str, Any]:
    """How a web server is asked: never for ever, and for the bytes as they lie there."""
    from aiohttp import ClientTimeout

    client = {
        "timeout": ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=SILENCE_SECONDS),
        "headers": {"Accept-Encoding": "identity", "Cache-Control": "no-cache"},
        "trust_env": True,
    }
    return {"client_kwargs": client, "skip_instance_cache": True}


def hide_password(url: str) -> str:
    """An address as it may be shown and logged."""
    return re.sub(r"//[^/@]*@", "//…@", url).split("?", 1)[0]


def first_line(problem: BaseException) -> str:
    return hide_password((str(problem).strip() or type(problem).__name__).splitlines()[0])
