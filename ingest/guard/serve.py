"""The child's loop behind its fences: take a file, parse it, leave the rows in the scratch folder, answer."""

import os
import pickle
from pathlib import Path
from typing import Any

import polars as pl

from graph.errors import InputError
from ingest.guard.fences import allow
from ingest.guard.wire import LAYOUTS, Wire, WireBroken
from ingest.layouts import Layouts, built_in
from ingest.limits import Allowance, Limits
from ingest.mapped import SheetRecord
from ingest.parse import Parsed, holds_informant, parse_file
from ingest.reasons import Reason


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
        answer = _answer(request, wire.take_descriptor(), scratch, layouts)
        wire.send({"id": request["id"], **answer})


def _layouts(path: Path) -> Layouts:
    """The templates in force as the parent left them; only this direction is trusted so far."""
    return pickle.loads(path.read_bytes()) if path.exists() else built_in()  # noqa: S301  the parent wrote it


def _answer(request: dict[str, Any], descriptor: int, scratch: Path, layouts: Layouts) -> dict[str, Any]:
    with os.fdopen(descriptor, "rb") as handle:
        data = handle.read()
    name, limits = request["name"], Limits(**request["limits"])
    try:
        parsed = parse_file(data, name, request["template"], limits, layouts)
        return {"parsed": leave(parsed, scratch, request["id"])}
    except InputError as error:
        refused = {
            "code": str(error.facts.get("code", Reason.UNKNOWN_FORMAT.value)),
            "message": error.message,
            "informant": holds_informant(data, name, limits, layouts),
        }
        return {"refused": refused}
    except (Exception, pl.exceptions.PanicException) as error:
        # Only the kind of the failure is said: its text may quote the file. The parent ends this process.
        return {"failed": type(error).__name__, "informant": holds_informant(data, name, limits, layouts)}


def leave(parsed: Parsed, scratch: Path, number: int) -> dict[str, Any]:
    """Write the rows as Parquet, one file a template and one for rejects; what the answer says of them."""
    frames = []
    for index, name in enumerate(parsed.templates()):
        frame = pl.concat(parsed.frames[name])
        file = f"{number}-{index}.parquet"
        frame.write_parquet(scratch / file, compression="lz4", statistics=False)
        frames.append({"template": name, "file": file, "rows": frame.height})
    rejects = pl.concat(parsed.rejects).sort("sheet", "line", maintain_order=True)
    file = f"{number}-rejects.parquet"
    rejects.write_parquet(scratch / file, compression="lz4", statistics=False)
    return {
        "frames": frames,
        "rejects": {"file": file, "rows": rejects.height},
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
