"""Reads every table that write-tables.mjs wrote and compares its history, and each version's schema and rows.

    python read_tables.py delta-rs|spark FOLDER [TARGET]

Prints one JSON object a check: {"check", "ok", "detail"}. With TARGET it then goes on with copies of some of the tables there, for
write-tables.mjs to read; Spark writes tables of its own beside them.
"""
import json
import os
import pathlib
import shutil
import sys
import traceback

from canonical import canonical_dicts, canonical_rows


# Tables with a column `id`, which others may change: one of each kind of log and layout.
CONTINUED = ("every_type", "upserts", "deleted", "restored", "grown", "partitioned", "checkpointed", "cleaned", "required")


def report(check, ok, detail=""):
    print("CHECK " + json.dumps({"check": check, "ok": bool(ok), "detail": str(detail)[:600]}), flush=True)


def copies(folder, target, names):
    return [pathlib.Path(shutil.copytree(folder / name, target / name)) for name in names]


class DeltaRs:
    name = "delta-rs"

    def newest(self, path):
        from deltalake import DeltaTable

        return DeltaTable(path).version()

    def history(self, path):
        from deltalake import DeltaTable

        return sorted([entry["version"], entry["operation"]] for entry in DeltaTable(path).history())

    def partition_columns(self, path):
        from deltalake import DeltaTable

        return DeltaTable(path).metadata().partition_columns

    def read(self, path, version):
        from deltalake import DeltaTable

        table = DeltaTable(path, version=version)
        schema = [[field.name, field.type.type, field.nullable] for field in table.schema().fields]
        return schema, self.rows(table)

    def rows(self, table):
        from deltalake import QueryBuilder
        import pyarrow

        if "deletionVectors" not in (table.protocol().reader_features or []):
            return canonical_rows(table.to_pyarrow_table())
        # What gives PyArrow's tables refuses deletion vectors; what answers queries reads them.
        found = QueryBuilder().register("t", table).execute("SELECT * FROM t").read_all()
        return canonical_rows(pyarrow.table(found))

    def read_at(self, path, moment):
        from deltalake import DeltaTable

        table = DeltaTable(path)
        table.load_as_version(moment)
        return canonical_rows(table.to_pyarrow_table())


    def go_on(self, folder, target):
        import delta_rs_tables

        delta_rs_tables.continue_tables(copies(folder, target, CONTINUED))


class Spark:
    name = "Spark"

    def __init__(self):
        import spark_session

        self.session = spark_session.open()

    def newest(self, path):
        return self.session.sql(f"DESCRIBE HISTORY delta.`{path}`").agg({"version": "max"}).collect()[0][0]

    def history(self, path):
        import spark_tables

        return spark_tables.history_of(self.session, path)

    def partition_columns(self, path):
        import spark_tables

        return spark_tables.partition_columns_of(self.session, path)

    def read(self, path, version):
        import spark_tables

        frame = self.session.read.format("delta").option("versionAsOf", version).load(path)
        return spark_tables.schema_of(frame), canonical_dicts(row.asDict() for row in frame.collect())

    def read_at(self, path, moment):
        frame = self.session.read.format("delta").option("timestampAsOf", moment).load(path)
        return canonical_dicts(row.asDict() for row in frame.collect())

    def go_on(self, folder, target):
        import spark_tables

        spark_tables.write(self.session, target)
        spark_tables.continue_tables(self.session, copies(folder, target, (*CONTINUED, "deletion_vectors")))
        spark_tables.continue_ours(self.session, folder, report)


def check_table(reader, folder, name):
    expected = json.loads((folder / f"{name}.expected.json").read_text())
    path = str(folder / name)
    newest = reader.newest(path)
    report(f"{reader.name}: {name} has the same newest version", newest == expected["newest"], newest)
    history = reader.history(path)
    report(f"{reader.name}: {name} has the same history", history == expected["history"], history)
    partitions = reader.partition_columns(path)
    report(f"{reader.name}: {name} has the same partition columns", partitions == expected["partitionColumns"], partitions)
    for version, wanted in expected["versions"].items():
        label = f"{reader.name}: {name} version {version}"
        schema, rows = reader.read(path, int(version))
        report(f"{label} has the same schema", schema == wanted["schema"], schema)
        different = sorted(set(rows) ^ set(wanted["rows"]))
        report(f"{label} has the same rows", sorted(rows) == sorted(wanted["rows"]), different[:2])
    for moment, version in expected.get("moments", {}).items():
        same = reader.read_at(path, moment) == sorted(expected["versions"][str(version)]["rows"])
        report(f"{reader.name}: {name} at {moment} is version {version}", same)


def main(engine, folder):
    reader = Spark() if engine == "spark" else DeltaRs()
    for path in sorted(folder.glob("*.expected.json")):
        name = path.name.removesuffix(".expected.json")
        try:
            check_table(reader, folder, name)
        except Exception as error:  # One table's failure must not hide the others' results.
            traceback.print_exc()
            report(f"{reader.name}: {name} can be read", False, error)
    return reader


if __name__ == "__main__":
    used, ours = main(sys.argv[1], pathlib.Path(sys.argv[2])), pathlib.Path(sys.argv[2])
    if len(sys.argv) > 3:
        used.go_on(ours, pathlib.Path(sys.argv[3]))
    # delta-rs's threads now and then abort the interpreter while it shuts down, after all is done.
    sys.stdout.flush()
    os._exit(0)
