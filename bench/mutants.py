"""Makes small files of every template and format and damages them, the same for the same seed."""

import random
import zipfile
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

from ingest.template import Template, templates

_ROWS = 12
_SAMPLES = {
    "account": lambda i: f"88010001{i:09d}",
    "peer": lambda i: f"88020001{i:09d}",
    "time": lambda i: f"2024-03-{i % 28 + 1:02d} 10:00:{i % 60:02d}",
    "day": lambda i: f"1990-01-{i % 28 + 1:02d}",
    "money": lambda i: f"{i}.{i % 100:02d}",
    "direction": lambda i: "出" if i % 2 else "进",
    "name": lambda i: f"拟名{i}",
    "id": lambda i: f"990000199001{i % 28 + 1:02d}{i % 1000:03d}X",
    "phone": lambda i: f"1540000{i:04d}",
    "ip": lambda i: f"192.0.2.{i % 250 + 1}",
    "call_kind": lambda i: "主叫" if i % 2 else "被叫",
    "seconds": lambda i: str(i * 7),
    "real": lambda i: "0.5",
}
_TEXT: Callable[[int], str] = lambda i: f"样{i}"  # noqa: E731  a table of such


def sample(template: Template, number: int) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a template; every name and number invented."""
    columns = [column for column in template.columns.values() if not column.side]
    rows = [
        [(_SAMPLES.get(column.kind) or _TEXT)(number * _ROWS + i) for column in columns] for i in range(_ROWS)
    ]
    return [column.header for column in columns], rows


def seeds(seed: int) -> list[tuple[str, bytes]]:
    """File name and bytes of every template as UTF-8, GB18030, UTF-16, quoted CSV, XLSX, HTML and zip."""
    found = []
    for number, template in enumerate(templates().values()):
        header, rows = sample(template, seed * 100 + number)
        text = "".join(",".join(cells) + "\n" for cells in (header, *rows))
        quoted = "".join(",".join(f'"{cell}"' for cell in cells) + "\r\n" for cells in (header, *rows))
        found += [
            (f"{template.name}.csv", text.encode()),
            (f"{template.name}_g.csv", text.encode("gb18030")),
            (f"{template.name}_u.csv", b"\xff\xfe" + text.encode("utf-16-le")),
            (f"{template.name}_q.csv", quoted.encode("utf-8-sig")),
            (f"{template.name}.xlsx", workbook([header, *rows])),
            (f"{template.name}.xls", page([header, *rows])),
            (f"{template.name}.zip", packed({f"{template.name}_z.csv": text.encode()})),
        ]
    return found


def workbook(rows: Sequence[Sequence[str]]) -> bytes:
    """An XLSX package with one sheet of inline texts."""
    cells = ["".join(f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>' for text in row) for row in rows]
    body = "".join(f'<row r="{i}">{row}</row>' for i, row in enumerate(cells, 1))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    sheets = '<sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets>'
    relations = '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>'
    return packed(
        {
            "[Content_Types].xml": b"<Types/>",
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{rel}">{sheets}</workbook>'.encode(),
            "xl/_rels/workbook.xml.rels": relations.encode(),
            "xl/worksheets/sheet1.xml": (
                f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>'.encode()
            ),
        }
    )


def page(rows: Sequence[Sequence[str]]) -> bytes:
    """A web page with one table."""
    lines = "".join(f"<tr>{''.join(f'<td>{escape(t)}</td>' for t in row)}</tr>" for row in rows)
    return f'<html><meta charset="utf-8"><table>{lines}</table></html>'.encode()


def packed(entries: dict[str, bytes]) -> bytes:
    """A zip archive with fixed times."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def mutant(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """`data` damaged once to four times; inside a package often its parts and not the package."""
    if data[:2] == b"PK" and chance.random() < 0.7:
        return _inside(data, other, chance)
    for _ in range(chance.randint(1, 4)):
        data = chance.choice(_DAMAGES)(data, other, chance)
    return data


def write_mutants(folder: Path, count: int, seed: int) -> list[Path]:
    """`count` damaged files, each in a folder of its own, so that names may repeat."""
    chance, pool = random.Random(seed), seeds(seed)
    paths = []
    for number in range(count):
        name, data = pool[number % len(pool)]
        path = folder / f"{number:05d}" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(mutant(data, chance.choice(pool)[1], chance))
        paths.append(path)
    return paths


def _inside(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """A package with one entry damaged, dropped or doubled."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    victim = chance.choice(sorted(entries))
    if chance.random() < 0.1:
        del entries[victim]
    else:
        entries[victim] = mutant(entries[victim], other[:400], chance)
    return packed(entries)


def _flip(data: bytes, other: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data or b"x")
    for _ in range(chance.randint(1, 8)):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(data: bytes, other: bytes, chance: random.Random) -> bytes:
    return data[: chance.randint(0, len(data))]


def _splice(data: bytes, other: bytes, chance: random.Random) -> bytes:
    at, start = chance.randint(0, len(data)), chance.randint(0, len(other))
    return data[:at] + other[start : start + chance.randint(1, 300)] + data[at:]


def _swap(data: bytes, other: bytes, chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    a, b = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[a], lines[b] = lines[b], lines[a]
    return b"\n".join(lines)


def _insert(data: bytes, other: bytes, chance: random.Random) -> bytes:
    signs = (
        b'"',
        b'""',
        b",",
        b"\n",
        b"\r",
        b"\0",
        b"\x01",
        b"\xff",
        "Ａ".encode(),
        "①".encode(),
        b"E+18",
        b".",
    )
    at = chance.randint(0, len(data))
    return data[:at] + chance.choice(signs) * chance.randint(1, 3) + data[at:]


def _recode(data: bytes, other: bytes, chance: random.Random) -> bytes:
    at = chance.randint(0, len(data))
    return data[:at] + data[at:].decode("utf-8", "ignore").encode(chance.choice(("gb18030", "utf-16-le")))


def _untag(data: bytes, other: bytes, chance: random.Random) -> bytes:
    at = data.find(b"<", chance.randint(0, len(data)))
    end = data.find(b">", at) + 1
    return data if at < 0 or not end else data[:at] + data[end:]


def _number(data: bytes, other: bytes, chance: random.Random) -> bytes:
    digit = chance.choice(b"0123456789").to_bytes(1, "big")
    return data.replace(digit, chance.choice((b"O", b"1e3", b"", b"-", b"99999999999999999999")), 3)


_DAMAGES = (_flip, _cut, _splice, _swap, _insert, _recode, _untag, _number)
