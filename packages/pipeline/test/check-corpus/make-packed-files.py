"""Writes the files of this folder that are not text: pip install openpyxl==3.1.5 pyarrow==21.0.0, then run it here.

Each table has the columns id, day, torque, shift, failed. The expectations beside the files are written by hand.
"""

import datetime
import gzip
import io
import json
import zipfile

import openpyxl
import pyarrow
import pyarrow.parquet

NAMES = ["id", "day", "torque", "shift", "failed"]
ROWS = [
    ["007", datetime.date(2026, 3, 1), 41.25, "manhã", "yes"],
    ["008", datetime.date(2026, 3, 2), None, "tarde, 2º", "no"],
    ["009", datetime.date(2026, 3, 31), 1e-3, 'say "now"', "no"],
    ["010", None, 12345678.5, "noite", "yes"],
]


def text(delimiter=",", decimal="."):
    def cell(value):
        if value is None:
            return ""
        if isinstance(value, float):
            return repr(value).replace(".", decimal)
        value = str(value)
        return '"' + value.replace('"', '""') + '"' if delimiter in value or '"' in value else value

    lines = [delimiter.join(map(cell, row)) for row in [NAMES, *ROWS]]
    return "\n".join(lines) + "\n"


def workbook(path, sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)


def archive(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members:
            file.writestr(zipfile.ZipInfo(name, (2026, 3, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)


def gzipped(path, content):
    with open(path, "wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=0) as file:
        file.write(content)


def parquet():
    columns = list(map(list, zip(*ROWS)))
    table = pyarrow.table(dict(zip(NAMES, columns)))
    table = table.append_column("when", pyarrow.array([datetime.datetime(2026, 3, 1, 6, 30, 0)] * 4, pyarrow.timestamp("us", "UTC")))
    table = table.append_column("large", pyarrow.array([2**53 + 1, 2, 3, 4], pyarrow.int64()))
    table = table.append_column("ok", pyarrow.array([True, False, None, True]))
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(table, buffer)
    return buffer.getvalue()


def json_lines():
    records = [dict(zip(NAMES, [cell if not isinstance(cell, datetime.date) else str(cell) for cell in row])) for row in ROWS]
    records[1]["note"] = {"by": ["a", "b"]}
    del records[2]["torque"]
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


workbook("workbook.xlsx", [("Testes", [NAMES, *ROWS])])
workbook("workbook-several-sheets.xlsx", [("Resumo", [["total", 4]]), ("Peças", [NAMES, *ROWS]), ("Vazia", [])])
workbook("workbook-errors.xlsx", [("Testes", [NAMES, ROWS[0], ["008", ROWS[1][1], "#N/A", "tarde", "no"], [], [None, ROWS[1][1], 1.5, "noite", "no"]])])
gzipped("gzip.csv.gz", text().encode("utf-8"))
gzipped("gzip-bomb.csv.gz", b"id,failed\n" + b"1,yes\n" * 11_500_000)
with open("gzip-cut.csv.gz", "wb") as cut:
    cut.write(open("gzip.csv.gz", "rb").read()[:-12])
archive("zip.zip", [("export/", ""), ("export/março.csv", text(";", ",").encode("windows-1252")), ("__MACOSX/._março.csv", "x")])
archive("zip-of-parquet.zip", [("a.parquet", parquet())])
archive("zip-two-files.zip", [("a.csv", "x\n"), ("b.csv", "x\n")])
archive("zip-climbing.zip", [("../../a.csv", text())])
open("zip-damaged.zip", "wb").write(b"PK\x03\x04" + bytes(60))
open("old-workbook.xls", "wb").write(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504))
open("parquet.parquet", "wb").write(parquet())
open("parquet-damaged.parquet", "wb").write(parquet()[:-30] + bytes(22) + b"PAR1xxxx")
footer = int.from_bytes(parquet()[-8:-4], "little") + 8
open("parquet-without-its-rows.parquet", "wb").write(b"PAR1" + parquet()[-footer:])
open("json-lines.jsonl", "wb").write(json_lines())
open("json-lines-damaged.jsonl", "wb").write(json_lines() + b'{"id": "011", "day":\n')
workbook("workbook-formulas.xlsx", [("Testes", [NAMES, *ROWS[:2], ["009", None, "=C2*2", "noite", "=IF(C4>1,\"yes\",\"no\")"], ["010", None, 1.5, "noite", "no"]])])
stray = openpyxl.Workbook()
for row in [NAMES, *ROWS]:
    stray.active.append(row)
stray.active["AZZ1048576"] = "x"
stray.save("workbook-stray-cell.xlsx")
workbook(
    "workbook-numbers-and-texts.xlsx",
    [
        (
            "Data",
            [
                ["id", "held", "written", "failed"],
                ["a", 1.001, "4,5", "yes"],
                ["b", 2.012, "1.250,0", "no"],
                ["c", "-", "0,5", "no"],
                ["d", 4.034, "7,25", "yes"],
            ],
        )
    ],
)
