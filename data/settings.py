"""Settings of one installation. The only place that reads the environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parent.parent
ROLES = ("leadership", "operator", "province")
# An origin as a content policy names it: scheme and host, one leading "*." for every host below, maybe a port; * is anybody.
_ORIGIN = re.compile(r"\*|https?://(\*\.)?[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:[0-9]{1,5})?", re.ASCII)
# A name or number under which a server is asked, without a port; one leading "*." for every name below, * is any.
_HOST = re.compile(r"\*|(\*\.)?[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\]", re.ASCII)


@dataclass(frozen=True)
class Settings:
    """Where things lie and how much a process may take.

    `edition` is `internal` or `public`; the public edition shows released periods only. `default_population_series` is
    `report` (the population of the reports) or a series of the table `population_year`. `expected_lag_days` is how long
    after a month's end its figures may be late before a screen says that they are. `dropbox_allowed` says whether the
    page that checks a file may also hand it in. `sudden_drop_points`: a fall of more than so many points in one period is
    listed as sudden. `source_url`: where this installation takes its snapshots from (a replica); it writes none of its own
    and asks every `source_seconds`. `postgres_dsn`: the database that `data.postgres` reads, by the interpreter
    `history_python`; `lake_dsn` and `lake_path`: catalogue and folder of the history of `data.ducklake`. `open_licence` is
    the name of the licence under which the owner of the figures gives them as open data.
    `cache_directory`: what a server makes for itself and can make again; with it elsewhere (`chosen_cache`), serving needs no
    more than to read `var_directory`. `drain_seconds`: how long a process that is told to stop waits for the runs under way.
    `small_cell`: of people not insured by payer group, the public edition shows no number from 1 up to below this one.
    `role_claim` and `province_claim`: where the identity of a reader says what they may see, a name or a path with dots;
    `role_names`: what the provider calls our roles; `sign_in_hours`: how long a sign-in lasts (ui/claims.py);
    `sign_in_required`: the internal edition does not start without signing in.
    `embed_origins`: the websites that may show single maps and charts in a frame; `framed_by` says whether this edition
    lets them. `hosts`: the names under which readers ask this server (ui/hosts.py).
    `is_held`: this process is about the snapshot of the public edition that waits to be put in force, not the one in force.
    """

    var_directory: Path
    edition: str = "internal"
    memory_limit: str = "1GB"
    threads: int = 2
    max_query_seconds: int = 20
    default_population_series: str = "report"
    expected_lag_days: int = 35
    dropbox_allowed: bool = False
    sudden_drop_points: Decimal = Decimal(3)
    open_licence: str = "CC-BY-4.0"
    drain_seconds: int = 10
    source_url: str = ""
    source_seconds: int = 30
    postgres_dsn: str = ""
    lake_dsn: str = ""
    lake_path: str = ""
    history_python: Path = PROJECT_ROOT / ".venv-history" / "bin" / "python"
    small_cell: int = 5
    role_claim: str = "baophu_role"
    province_claim: str = "baophu_province"
    role_names: tuple[tuple[str, str], ...] = ()
    sign_in_hours: int = 12
    sign_in_required: bool = False
    chosen_cache: Path | None = None
    site_url: str = ""

    embed_origins: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    is_held: bool = False

    @property
    def cache_directory(self) -> Path:
        return self.chosen_cache or self.var_directory / "cache"

    @property
    def site_directory(self) -> Path:
        """The static edition (`python -m reports site`); what is in force lies in `current`."""
        return self.var_directory / "site"

    @property
    def framed_by(self) -> tuple[str, ...]:
        """Who may frame the addresses under /embed/: nobody frames the internal edition, whatever the settings say."""
        return self.embed_origins if self.edition == "public" else ()

    @property
    def store_directory(self) -> Path:
        """Where the snapshots of this edition lie with all that is served of them. The public edition has a folder of its own
        and needs no other: a machine that serves it can do without everything else."""
        return self.var_directory / "public" if self.edition == "public" else self.var_directory

    @property
    def snapshot_directory(self) -> Path:
        return self.store_directory / "snapshots"

    @property
    def pointer_file(self) -> Path:
        return self.snapshot_directory / ("held.json" if self.is_held else "current.json")

    @property
    def value_directory(self) -> Path:
        return self.store_directory / "values"

    @property
    def archive_directory(self) -> Path:
        return self.var_directory / "archive"

    @property
    def inbox_directory(self) -> Path:
        return self.var_directory / "inbox"

    @property
    def open_directory(self) -> Path:
        """Open data are written from the public edition's snapshots only."""
        return self.var_directory / "public" / "open"

    @property
    def refused_directory(self) -> Path:
        """Files of the inbox that a load refused."""
        return self.var_directory / "inbox_refused"

    @property
    def rules_directory(self) -> Path:
        """Thresholds and targets that the operator entered (`python -m data.rules`); laid over those of the code."""
        return self.var_directory / "rules"

    @property
    def outline_directory(self) -> Path:
        """Imported outlines."""
        return self.store_directory / "outlines"

    @property
    def applied_file(self) -> Path:
        """What a replica took from its source last (`data.replica`)."""
        return self.store_directory / "source.json"

    @property
    def simulation_marker(self) -> Path:
        """Where this file exists, the simulated part was taken out for good (`python -m data.simulation remove`)."""
        return self.snapshot_directory / "without-simulation"


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Settings from `environment`; raises ValueError naming the variable that cannot be understood."""

    def read_integer(name: str, default: int) -> int:
        text = environment.get(name, str(default))
        if not text.isascii() or not text.isdigit() or int(text) == 0:
            raise ValueError(f"{name} must be a whole number above 0, not {text!r}")
        return int(text)

    def read_points(name: str, default: Decimal) -> Decimal:
        text = environment.get(name, str(default))
        if not re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,2})?", text, re.ASCII) or Decimal(text) == 0:
            raise ValueError(f"{name} must be points above 0 such as 3 or 2.5, not {text!r}")
        return Decimal(text)

    def read_pairs(name: str) -> tuple[tuple[str, str], ...]:
        pairs = [part.partition("=")[::2] for part in environment.get(name, "").split(",") if part.strip()]
        if any(ours.strip() not in ROLES or not theirs.strip() for ours, theirs in pairs):
            raise ValueError(f"{name} must be like leadership=lanh-dao,province=tinh with our roles {', '.join(ROLES)}")
        return tuple((ours.strip(), theirs.strip()) for ours, theirs in pairs)

    def read_address(name: str) -> str:
        text = environment.get(name, "")
        if text and not re.fullmatch(r"https?://[A-Za-z0-9.:-]+(/[A-Za-z0-9._~/-]*)?", text, re.ASCII):
            raise ValueError(f"{name} must be an address such as https://bhyt.example.vn/, not {text!r}")
        return text.rstrip("/") + "/" if text else ""

    def read_origins(name: str) -> tuple[str, ...]:
        origins = tuple(environment.get(name, "").replace(",", " ").split())
        for origin in origins:
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(f"{name} must be addresses such as https://tinh.example.vn, or *, not {origin!r}")
        return origins

    def read_hosts(name: str) -> tuple[str, ...]:
        hosts = tuple(environment.get(name, "").lower().replace(",", " ").split())
        for host in hosts:
            if not _HOST.fullmatch(host):
                raise ValueError(f"{name} must be names without a port such as bhyt.example.vn, or *, not {host!r}")
        return hosts

    edition = environment.get("BAOPHU_EDITION", "internal")
    if edition not in ("internal", "public"):
        raise ValueError(f"BAOPHU_EDITION must be internal or public, not {edition!r}")
    return Settings(
        var_directory=Path(environment.get("BAOPHU_VAR") or PROJECT_ROOT / "var").resolve(),
        edition=edition,
        memory_limit=environment.get("BAOPHU_MEMORY_LIMIT", "1GB"),
        threads=read_integer("BAOPHU_THREADS", 2),
        max_query_seconds=read_integer("BAOPHU_MAX_QUERY_SECONDS", 20),
        default_population_series=environment.get("BAOPHU_POPULATION_SERIES", "report"),
        expected_lag_days=read_integer("BAOPHU_EXPECTED_LAG_DAYS", 35),
        dropbox_allowed=environment.get("BAOPHU_DROPBOX", "0") == "1",
        sudden_drop_points=read_points("BAOPHU_SUDDEN_DROP_POINTS", Decimal(3)),
        open_licence=environment.get("BAOPHU_OPEN_LICENCE", "CC-BY-4.0"),
        drain_seconds=read_integer("BAOPHU_DRAIN_SECONDS", 10),
        source_url=environment.get("BAOPHU_SOURCE", ""),
        source_seconds=read_integer("BAOPHU_SOURCE_SECONDS", 30),
        postgres_dsn=environment.get("BAOPHU_POSTGRES", ""),
        lake_dsn=environment.get("BAOPHU_LAKE", ""),
        lake_path=environment.get("BAOPHU_LAKE_PATH", ""),
        history_python=Path(environment.get("BAOPHU_HISTORY_PYTHON") or Settings.history_python),
        small_cell=read_integer("BAOPHU_SMALL_CELL", 5),
        chosen_cache=Path(environment["BAOPHU_CACHE"]).resolve() if environment.get("BAOPHU_CACHE") else None,
        role_claim=environment.get("BAOPHU_ROLE_CLAIM") or Settings.role_claim,
        province_claim=environment.get("BAOPHU_PROVINCE_CLAIM") or Settings.province_claim,
        role_names=read_pairs("BAOPHU_ROLE_NAMES"),
        sign_in_hours=read_integer("BAOPHU_SIGN_IN_HOURS", 12),
        sign_in_required=environment.get("BAOPHU_SIGN_IN", "0") == "1",
        site_url=read_address("BAOPHU_SITE_URL"),
        embed_origins=read_origins("BAOPHU_EMBED_ORIGINS"),
        hosts=read_hosts("BAOPHU_HOSTS"),
        is_held=environment.get("BAOPHU_HELD", "0") == "1",
    )


@cache
def get_settings() -> Settings:
    """The settings of this process, read once."""
    return read_settings(os.environ)


def choose_edition(edition: str) -> None:
    """Make this process, and those that it starts, one of an edition: for commands that belong to one of them only."""
    os.environ["BAOPHU_EDITION"] = edition
    get_settings.cache_clear()


def choose_held() -> None:
    """Let this process, and those that it starts, see the snapshot that waits to be put in force (`publish --hold`)."""
    os.environ["BAOPHU_HELD"] = "1"
    get_settings.cache_clear()
