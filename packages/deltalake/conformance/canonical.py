"""Rows as text that is equal for equal rows, whoever read them: canonical-rows.mjs is our side."""
import datetime
import decimal
import json
import math
import struct

import pyarrow as pa


def canonical_value(value):
    if value is None:
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, datetime.datetime):
        moment = value.replace(tzinfo=datetime.timezone.utc) if value.tzinfo is None else value.astimezone(datetime.timezone.utc)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if math.isnan(value):
            return "NaN"
        if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        # The bits of the double, so that no formatting can hide a difference.
        return struct.pack(">d", value + 0.0).hex()
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).hex()
    return str(value)


def canonical_rows(table: pa.Table):
    """Sorted JSON texts, one a row."""
    return canonical_dicts(table.to_pylist())


def canonical_dicts(rows):
    return sorted(
        json.dumps({name: canonical_value(value) for name, value in row.items()}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        for row in rows
    )
