"""The child's loop behind its fences: take a file, parse it, leave the rows in the scratch folder, answer."""

import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from graph.errors import InputError
from ingest.batch import write_rows
from ingest.guard.endings import kind_of
from ingest.guard.fences import allow
from ingest.guard.looks import leave_table
from ingest.guard.wire import LAYOUTS, Wire, WireBroken
from ingest.layouts import Layouts, built_in
from ingest.limits import Allowance, Limits
from ingest.mapped import SheetRecord
from ingest.parse import holds_informant, parse_file
from ingest.reasons import Reason
from ingest.row_files import RowFiles
from ingest.unknown import read_unknown


def serve(wire: Wire, scratch: Path) -> None:
    """Answer requests one by one until the parent closes the conversation."""
    layouts = _layouts(scratch / LAYOUTS)
    wire.send({"ready": True})
    while True:
        try:
            request = wire.receive()
        except WireBroken:
            return
        if request is None:
            continue
        allow(Allowance(**request["allowance"]))
        answer = _answer(wire, request, scratch, layouts)
        wire.send({"id": request["id"], **answer})


def _layouts(path: Path) -> Layouts:
    """The templates in force as the parent left them; only this direction is trusted so far."""
    return pickle.loads(path.read_bytes()) if path.exists() else built_in()  # noqa: S301  the parent wrote it


def _answer(wire: Wire, request: dict[str, Any], scratch: Path, layouts: Layouts) -> dict[str, Any]:
    with os.fdopen(wire.take_descriptor(), "rb") as handle:
        data = handle.read()
    name, limits = request["name"], Limits(**request["limits"])

    def informant() -> None:
        # Said at once: should this process die over the file, the parent knows where it belongs.
        wire.send({"id": request["id"], "informant": True})

    try:
        if request.get("look"):
            table = read_unknown(data, name, layouts, limits, request["sheet"])
            return {"parsed": leave_table(table, scratch, request["id"])}
        files = RowFiles(scratch, request["id"])
        return {"parsed": leave(data, name, request["template"], limits, layouts, files, informant)}
    except InputError as error:
        code = str(error.facts.get("code", Reason.UNKNOWN_FORMAT.value))
        return {"refused": {"code": code, "message": error.message}}
    except (Exception, pl.exceptions.PanicException) as error:
        # Only the kind of the failure is said: its text may quote the file. The parent ends this process.
        return {"failed": kind_of(error), "informant": holds_informant(data, name, limits, layouts)}


def leave(
    data: bytes,
    name: str,
    wanted: str | None,
    limits: Limits,
    layouts: Layouts,
    files: RowFiles,
    informant: Callable[[], None] | None = None,
) -> dict[str, Any]:
    """Parse a file as `parse_file` does, its rows into `files` as they come; what the answer says of it."""
    try:
        parsed = parse_file(data, name, wanted, limits, layouts, informant, files.add)
    except BaseException:
        files.discard()
        raise
    rejects = pl.concat(parsed.rejects).sort("sheet", "line", maintain_order=True)
    write_rows(files.path("rejects"), rejects)
    return {
        "frames": files.close(),
        "rejects": {"file": files.path("rejects").name, "rows": rejects.height},
        "rows_in": parsed.rows_in,
        "layout_rows": parsed.layout_rows,
        "flags": sorted(parsed.flags),
        "sheets": [_said(sheet) for sheet in parsed.sheets],
        "informant": parsed.names_informant,
    }


def _said(sheet: SheetRecord) -> dict[str, Any]:
    """How a sheet was read; the template itself is left out, because the parent has it."""
    return {
        "sheet": sheet.sheet,
        "layout": sheet.layout,
        "header_line": sheet.header_line,
        "header": list(sheet.header),
        "columns": {field: at for field, (at, _) in sheet.columns.items()},
        "unmapped": list(sheet.unmapped),
        "hidden": dict(sheet.hidden),
    }
