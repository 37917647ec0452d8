"""Reads a table in S3 with delta-rs, prints its version and ids as JSON, and appends the id 100.

    python s3_continue.py ENDPOINT s3://BUCKET/TABLE
"""
import json
import os
import sys

import pyarrow as pa
from deltalake import DeltaTable, write_deltalake

endpoint, uri = sys.argv[1:]
options = {
    "AWS_ENDPOINT_URL": endpoint,
    "AWS_ALLOW_HTTP": "true",
    "AWS_ACCESS_KEY_ID": "any",
    "AWS_SECRET_ACCESS_KEY": "any",
    "AWS_REGION": "us-east-1",
}
table = DeltaTable(uri, storage_options=options)
ids = table.to_pyarrow_table().column("id").to_pylist()
write_deltalake(table, pa.table({"id": pa.array([100], pa.int64())}), mode="append")
print(json.dumps({"version": table.version(), "ids": sorted(ids)}), flush=True)
# delta-rs's threads now and then abort the interpreter while it shuts down, after all is done.
os._exit(0)
