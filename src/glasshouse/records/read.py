"""Reading a run folder: its manifest, and SQL over its tables.

The folder is only ever read. DuckDB opens the Parquet files when the first question is asked, may touch no
other file, and never the network.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glasshouse.errors import InputError, RunFolderError
from glasshouse.records.schema import FORMAT, MANIFEST, TABLES, Manifest, manifest

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    from numpy.typing import NDArray


class Records:
    """A finished run on disk.

    `sql` and `arrays` see the tables `totals`, `people`, `years`, `entries` and `refusals` of
    `records.schema`.
    """

    def __init__(self, folder: str | Path) -> None:
        """Opens the run in `folder`; RunFolderError if it is none, unfinished, or of another version."""
        self.folder = Path(folder)
        self.manifest: Manifest = _read_manifest(self.folder)

    def __repr__(self) -> str:
        """Where it is."""
        return f"Records({str(self.folder)!r})"

    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        import duckdb

        config: dict[str, str | bool | int | float | list[str]] = {
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        connection = duckdb.connect(":memory:", config=config)
        paths = {table: self.folder.resolve() / f"{table}.parquet" for table in TABLES}
        for table, path in paths.items():
            try:
                connection.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet({_quoted(path)})")
            except duckdb.Error as broken:
                raise _damaged(path) from broken
            held = {row[0] for row in connection.execute(f"DESCRIBE {table}").fetchall()}
            for column in TABLES[table]:
                if column not in held:
                    raise RunFolderError(
                        f'{path}: the column "{column}" is missing, so the file is not from this version of '
                        "glasshouse; run it again with --force."
                    )
        allowed = ", ".join(_quoted(path) for path in paths.values())
        connection.execute(f"SET allowed_paths = [{allowed}]")
        connection.execute("SET enable_external_access = false")
        return connection

    def _ask(self, query: str, parameters: Sequence[object]) -> duckdb.DuckDBPyConnection:
        import duckdb

        try:
            return self._connection.execute(query, list(parameters))
        except (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException) as wrong:
            raise InputError(f"The query cannot be answered: {_first_line(wrong)}") from wrong
        except duckdb.Error as broken:
            raise RunFolderError(f"{self.folder} cannot be read: {_first_line(broken)}") from broken

    def sql(self, query: str, parameters: Sequence[object] = ()) -> list[dict[str, Any]]:
        """The answer as a list of rows. `?` in the query takes the parameters in turn."""
        answer = self._ask(query, parameters)
        names = [column[0] for column in answer.description or ()]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    def arrays(self, query: str, parameters: Sequence[object] = ()) -> dict[str, NDArray[np.generic]]:
        """The answer as one NumPy array a column. Strings come as objects, NULL as a masked value."""
        return dict(self._ask(query, parameters).fetchnumpy())

    def close(self) -> None:
        """Lets go of the files; a later question opens them again."""
        opened = self.__dict__.pop("_connection", None)
        if opened is not None:
            opened.close()


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0].rstrip(".") + "."


def _damaged(path: Path) -> RunFolderError:
    return RunFolderError(f"{path} is damaged or cut short; run it again with --force, or restore the file.")


def _read_manifest(folder: Path) -> Manifest:
    path = folder / MANIFEST
    if not folder.is_dir():
        raise RunFolderError(f"{folder} is not a folder; give the folder that glasshouse run wrote.")
    if not path.is_file():
        raise RunFolderError(
            f"{folder} is not a run: it holds no {MANIFEST}; give the folder that glasshouse run wrote."
        )
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
        found = given["format"]
        if found != FORMAT:
            raise RunFolderError(
                f"{path}: the run has format {found!r}, this glasshouse reads format {FORMAT}; "
                "read it with the version that wrote it, or run it again."
            )
        finished = given.get("finished", True)
        read = manifest(given) if finished else None
    except (ValueError, KeyError, TypeError, AttributeError) as broken:
        raise _damaged(path) from broken
    missing = [table for table in TABLES if not (folder / f"{table}.parquet").is_file()]
    if read is None or missing:
        raise RunFolderError(f"{folder} is an unfinished run; finish it with glasshouse run --resume --out {folder}.")
    return read
