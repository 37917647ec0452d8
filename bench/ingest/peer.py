"""pandas reading the same file, alone and with what a script would do next: python peer.py FILE"""

import json
import sys
import time

import pandas

started = time.perf_counter()
table = pandas.read_csv(sys.argv[1])
read = time.perf_counter()
table.to_parquet(f"{sys.argv[1]}.peer.parquet")
written = time.perf_counter()
print(json.dumps({"rows": len(table), "readMs": (read - started) * 1000, "parquetMs": (written - started) * 1000}))
