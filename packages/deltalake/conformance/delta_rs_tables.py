"""delta-rs's own changes to tables of this package."""
import pathlib
import sys

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable, write_deltalake

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "golden"))
from make import write_expected  # noqa: E402


def continue_tables(paths):
    """delta-rs appends to, merges into, deletes from and compacts tables that this package made, for it to read."""
    for path in paths:
        rows = DeltaTable(path).to_pyarrow_table().sort_by("id").slice(0, 2)
        write_deltalake(path, with_ids(rows, pc.add(rows["id"], 1000)), mode="append")
        (
            DeltaTable(path)
            .merge(with_ids(rows, pc.add(pc.multiply(rows["id"], 2), 1)), "s.id = t.id", source_alias="s", target_alias="t")
            .when_matched_update_all()
            .when_not_matched_insert_all()
            .execute()
        )
        DeltaTable(path).delete("id % 9 = 2 OR id = 1001")
        DeltaTable(path).optimize.compact()
        DeltaTable(path).create_checkpoint()
        write_expected(path)


def with_ids(rows: pa.Table, ids):
    place = rows.schema.get_field_index("id")
    return rows.set_column(place, rows.schema.field("id"), ids)
