"""Writes the small tables that test/golden.test.ts and scripts/conformance.mjs read, with delta-rs.

    python make.py FOLDER        (pip install deltalake==1.6.6 pyarrow==26.0.1)

Each table gets an expected.json beside its folder: its history and partition columns, and for every version the schema
and the rows as delta-rs itself reads them, in the canonical form of conformance/canonical.py.
"""
import datetime
import json
import os
import pathlib
import shutil
import sys

import pyarrow as pa
from deltalake import DeltaTable, Field, Schema, write_deltalake
from deltalake.schema import PrimitiveType

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "conformance"))
from canonical import canonical_rows  # noqa: E402

UTC = datetime.timezone.utc


def batch(ids, **extra):
    moment = datetime.datetime(2024, 2, 29, 12, 30, 15, 123456, UTC)
    columns = {
        "id": pa.array(ids, pa.int64()),
        "small": pa.array([i % 7 if i % 3 else None for i in ids], pa.int32()),
        "text": pa.array([None if i % 5 == 0 else f"täxt {i} 😀" for i in ids], pa.string()),
        "amount": pa.array([i / 3 for i in ids], pa.float64()),
        "ratio": pa.array([i / 2 for i in ids], pa.float32()),
        "flag": pa.array([None if i % 4 == 0 else i % 2 == 0 for i in ids], pa.bool_()),
        "day": pa.array([datetime.date(2020, 1, 1) + datetime.timedelta(days=i) for i in ids], pa.date32()),
        "moment": pa.array([moment + datetime.timedelta(hours=i) for i in ids], pa.timestamp("us", tz="UTC")),
        "price": pa.array([None if i % 6 == 0 else f"{i}.25" for i in ids], pa.string()).cast(pa.decimal128(10, 2)),
    }
    columns.update(extra)
    return pa.table(columns)


def append(path):
    for start in (0, 10, 20):
        write_deltalake(path, batch(range(start, start + 10)), mode="append")


def merge(path):
    write_deltalake(path, batch(range(0, 20)))
    (
        DeltaTable(path)
        .merge(batch([3, 4, 40], text=pa.array(["x", None, "new"])), "s.id = t.id", source_alias="s", target_alias="t")
        .when_matched_update_all()
        .when_not_matched_insert_all()
        .execute()
    )


def delete(path):
    write_deltalake(path, batch(range(0, 20)))
    write_deltalake(path, batch(range(20, 30)), mode="append")
    DeltaTable(path).delete("id % 4 = 1")


def checkpoint(path):
    for start in range(0, 40, 10):
        write_deltalake(path, batch(range(start, start + 10)), mode="append")
    DeltaTable(path).delete("id < 5")
    DeltaTable(path).create_checkpoint()
    write_deltalake(path, batch(range(50, 55)), mode="append")


def cleaned_log(path):
    """Commits before the checkpoint are gone: only a reader of checkpoints can open it."""
    checkpoint(path)
    for version in range(0, 4):
        (pathlib.Path(path) / "_delta_log" / f"{version:020}.json").unlink()


def grown_schema(path):
    write_deltalake(path, batch(range(0, 5)))
    grown = batch(range(5, 10)).append_column("later", pa.array([f"l{i}" for i in range(5)]))
    write_deltalake(path, grown, mode="append", schema_mode="merge")


def odd_names(path):
    rows = pa.table({"a b": pa.array([1, 2], pa.int64()), 'q"uote': ["x", "y"], "'; DROP TABLE t; --": ["p", None], "naïve 列": [1.5, None]})
    write_deltalake(path, rows)
    write_deltalake(path, rows, mode="append")


def overwritten(path):
    write_deltalake(path, batch(range(0, 5)))
    write_deltalake(path, batch(range(5, 8)), mode="overwrite")


def partitioned(path):
    for start in (0, 10):
        plants = pa.array([None if i % 4 == 0 else ["Emden", "ä/b=c %20"][i % 2] for i in range(10)])
        rows = batch(range(start, start + 10), plant=plants)
        write_deltalake(path, rows, mode="append", partition_by=["plant", "flag"])
    DeltaTable(path).delete("plant = 'Emden' AND id > 5")
    DeltaTable(path).create_checkpoint()
    DeltaTable(path).delete("plant IS NULL")


def empty(path):
    DeltaTable.create(path, Schema([Field("id", PrimitiveType("long")), Field("text", PrimitiveType("string"))]))


TABLES = [append, merge, delete, partitioned, checkpoint, cleaned_log, grown_schema, odd_names, overwritten, empty]


def write_expected(path):
    newest = DeltaTable(str(path))
    history = sorted([entry["version"], entry["operation"]] for entry in newest.history())
    versions, schemas = {}, {}
    for version, _ in history:
        table = DeltaTable(str(path), version=version)
        versions[version] = canonical_rows(table.to_pyarrow_table())
        schemas[version] = [[field.name, field.type.type, field.nullable] for field in table.schema().fields]
    expected = {
        "newest": newest.version(),
        "history": history,
        "partitionColumns": newest.metadata().partition_columns,
        "schemas": schemas,
        "versions": versions,
    }
    path.with_name(f"{path.name}.expected.json").write_text(json.dumps(expected, ensure_ascii=False) + "\n")


def main(folder):
    folder = pathlib.Path(folder)
    for make in TABLES:
        path = folder / make.__name__
        shutil.rmtree(path, ignore_errors=True)
        make(str(path))
        write_expected(path)


if __name__ == "__main__":
    main(sys.argv[1])
    # delta-rs's threads now and then abort the interpreter while it shuts down, after all is done.
    os._exit(0)
