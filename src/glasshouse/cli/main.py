"""The command line. Heavy imports wait until a command needs them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from glasshouse.errors import GlasshouseError, InputError

_UsageError: Any = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "UsageError")
"What Typer raises when the command line itself is wrong; which package holds it differs between versions."

app = typer.Typer(
    name="glasshouse",
    help="A simulation laboratory for scored societies. Everybody in it is invented.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Folder = Annotated[Path, typer.Argument(help="A run folder.")]
Regimes = Annotated[
    list[str] | None,
    typer.Argument(help="Library names or rule book files (.toml); with an arm: article:without=cameras."),
]


@app.command()
def run(
    regimes: Regimes = None,
    people: Annotated[int | None, typer.Option(help="Invented people, over all towns (20,000).")] = None,
    towns: Annotated[int | None, typer.Option(help="Towns: independent replicates (5).")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of every draw (1).")] = None,
    from_: Annotated[str | None, typer.Option("--from", help="First day (2009-01-01).")] = None,
    until: Annotated[str | None, typer.Option(help="Last day (2025-12-31).")] = None,
    out: Annotated[Path | None, typer.Option(help="Run folder (default: glasshouse-run, numbered).")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Finish an interrupted run.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the run in --out.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the effects as JSON.")] = False,
) -> None:
    """Let invented people live under regimes, beside the same people under ordinary law, and write a report.

    Without arguments: the article's regime and the documented one, 2009 to 2025.
    """
    from glasshouse.cli.running import run_and_report

    options = {"people": people, "towns": towns, "seed": seed, "from_": from_, "until": until}
    given = {name: value for name, value in options.items() if value is not None}
    run_and_report(regimes, given, out, resume=resume, force=force, as_json=json)


@app.command()
def regimes() -> None:
    """List the regimes of the library, and the arms of an experiment on any of them."""
    from glasshouse.regimes import library
    from glasshouse.regimes.arms import WITHOUT
    from glasshouse.regimes.safeguards import SAFEGUARDS

    names = library()
    width = max(len(name) for name in names)
    for name, title in names.items():
        typer.echo(f"{name:<{width}}  {title}")
    typer.echo(
        "\nArms, behind a colon and joined by commas: null, share=0.5, sunset=2022-01-01, safeguard=NAME,\n"
        "without=MECHANISM "
        f"({', '.join(WITHOUT)}), as in article:without=cameras,share=0.5.\n"
        f"Safeguards: {', '.join(SAFEGUARDS)}."
    )


@app.command()
def show(regime: Annotated[str, typer.Argument(help="Library name or rule book file.")]) -> None:
    """Print a rule book, and how much of it is documented, alleged, assumed."""
    from glasshouse.regimes import regime as load
    from glasshouse.regimes import shares

    found = load(regime)
    typer.echo(found.text.rstrip())
    resting = ", ".join(f"{share:.0%} {status}" for status, share in shares(found.book).items() if share)
    typer.echo(f"\n# Its numbers: {resting or 'none'}.")


@app.command()
def new(
    target: Annotated[Path, typer.Argument(help="The file to write.")],
    like: Annotated[str, typer.Option(help="Regime of the library to start from.")] = "article",
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
) -> None:
    """Write a commented copy of a rule book to edit, and beside it the JSON Schema for editors."""
    from glasshouse.regimes import write_copy, write_schema

    copy = write_copy(like, target, force=force)
    schema = write_schema(copy.parent)
    typer.echo(f"Wrote {copy} (and {schema.name} for editors); edit it, then: glasshouse check {target}")


@app.command()
def check(regime: Annotated[str, typer.Argument(help="Library name or rule book file.")]) -> None:
    """Say what is wrong with a rule book, or that nothing is."""
    from glasshouse.regimes import numbers
    from glasshouse.regimes import regime as load

    book = load(regime).book
    typer.echo(
        f"{regime}: nothing wrong. {len(book.tiers)} tiers, {len(book.deeds)} deeds, {len(book.lists)} lists, "
        f"{len(numbers(book))} numbers."
    )


@app.command()
def life(
    run: Folder,
    person: Annotated[int | None, typer.Argument(help="Number of the invented person.")] = None,
    pick: Annotated[str | None, typer.Option(help="wrongful, fallen, risen or median.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """One invented person's years in every world."""
    from glasshouse.api import open_run

    opened = open_run(run)
    if (person is None) == (pick is None):
        raise InputError("Name a person by number, or give --pick wrongful, fallen, risen or median.")
    found = opened.life(opened.pick(pick) if pick is not None else int(person or 0))
    if json:
        import dataclasses
        from json import dumps

        typer.echo(dumps(dataclasses.asdict(found), default=str, ensure_ascii=False, indent=1))
    else:
        typer.echo(str(found))


@app.command()
def report(
    run: Folder,
    out: Annotated[Path | None, typer.Option(help="Page to write (default: in the run folder).")] = None,
) -> None:
    """Write the report of a run again."""
    from glasshouse.api import open_run

    typer.echo(f"Wrote {open_run(run).report(out)}")


@app.command()
def describe(
    regime: Annotated[str, typer.Argument(help="Library name or rule book file.")] = "article",
    people: Annotated[int, typer.Option(help="Invented people to time it with.")] = 100_000,
    month: Annotated[str, typer.Option(help="Month whose days are played.")] = "2020-09",
    json: Annotated[bool, typer.Option("--json", help="Print as JSON, with what each step reads.")] = False,
) -> None:
    """The plan of a day: every step in order, what it writes, and the share of time it takes."""
    from glasshouse.cli.describing import describe_and_print

    describe_and_print(regime, people, month, json)


@app.command()
def validate(
    only: Annotated[
        str | None,
        typer.Option(help="Facts (F01,F19), settings (unit, article, documented, certificate) or roles, by commas."),
    ] = None,
    people: Annotated[int, typer.Option(help="Invented people of the main runs; rare facts need 1,000,000.")] = 20_000,
    towns: Annotated[int, typer.Option(help="Towns: independent replicates.")] = 5,
    seed: Annotated[int, typer.Option(help="Seed of every draw.")] = 1,
    json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
    keep: Annotated[Path | None, typer.Option(help="Keep the run folders here, and use those already there.")] = None,
) -> None:
    """Look for 34 stylised facts in the laboratory: hit or miss, with value, target and source.

    Misses are printed like hits and end with exit code 0. All facts take some minutes, --only unit a few seconds.
    """
    from glasshouse.cli.validating import validate_and_print

    validate_and_print(only, people, towns, seed, json, keep)


def main() -> None:
    """Run the command line; a user's mistake ends with one sentence and exit code 2."""
    try:
        code = app(sys.argv[1:] or ["--help"], standalone_mode=False)
    except _UsageError as problem:
        command = problem.ctx.command_path if problem.ctx else "glasshouse"
        _say(f"{problem.format_message().rstrip('.')}; {command} --help says what it takes.")
        sys.exit(2)
    except InputError as problem:
        _say(str(problem))
        sys.exit(2)
    except GlasshouseError as problem:
        _say(str(problem))
        sys.exit(1)
    except BrokenPipeError:  # whoever read the output, such as `head`, has seen enough
        sys.stdout = None
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


def _say(sentence: str) -> None:
    print(f"glasshouse: {' '.join(sentence.split())}", file=sys.stderr)
