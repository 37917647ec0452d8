"""One case of delta-rs, in a process of its own: prints seconds, peak memory and what shows that the work was done.

    python peer.py CASE DATA TABLE
"""

import json
import os
import pathlib
import resource
import sys
import time

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from deltalake import DeltaTable, WriterProperties, write_deltalake

READ_COLUMNS = ["k", "v0", "v1"]
# As DuckDB writes by default.
PROPERTIES = WriterProperties(compression="ZSTD", compression_level=3)

name, data, place = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]


def append():
    reader = ds.dataset(data / "wide.parquet").scanner().to_reader()
    write_deltalake(place, reader, mode="append", writer_properties=PROPERTIES)
    return {"rows": DeltaTable(place).count()}


def merge(file):
    table = DeltaTable(place)
    changed = " OR ".join(
        f"(t.{field.name} IS DISTINCT FROM s.{field.name})" for field in table.schema().fields if field.name != "k"
    )
    metrics = (
        table.merge(pq.read_table(data / file), "t.k = s.k", source_alias="s", target_alias="t", writer_properties=PROPERTIES)
        .when_matched_update_all(predicate=changed)
        .when_not_matched_insert_all()
        .execute()
    )
    return {"inserted": metrics["num_target_rows_inserted"], "updated": metrics["num_target_rows_updated"]}


def read():
    table = DeltaTable(place).to_pyarrow_table(columns=READ_COLUMNS)
    return lambda: {"rows": table.num_rows, "sum": pc.sum(table["v0"]).as_py()}


def read_arrays():
    table = DeltaTable(place).to_pyarrow_table(columns=READ_COLUMNS)
    columns = [table[name].to_numpy() for name in READ_COLUMNS]
    return lambda: {"rows": len(columns[0]), "sum": float(columns[1].sum())}


def open_table():
    return {"files": len(DeltaTable(place).file_uris())}


CASES = {
    "append": append,
    "mergeRecent": lambda: merge("recent.parquet"),
    "mergeSpread": lambda: merge("spread.parquet"),
    # delta-rs writes no deletion vectors: it does what it does without them.
    "mergeSpreadMarked": lambda: merge("spread.parquet"),
    "read": read,
    "readArrays": read_arrays,
    "open": open_table,
}


def peak_mib():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


before = peak_mib()
started = time.perf_counter()
finished = CASES[name]()
seconds = time.perf_counter() - started
mib = peak_mib()
done = finished() if callable(finished) else finished
print(json.dumps({"seconds": seconds, "mib": mib, "mibBefore": before, "done": done}), flush=True)
os._exit(0)  # its threads abort the interpreter's orderly end now and then
