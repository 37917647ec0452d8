"""Tables that Spark writes for this package to read, and Spark's own changes to tables of this package."""
import json
import shutil

from canonical import canonical_dicts

ROWS = """SELECT id, CASE WHEN id % 3 > 0 THEN concat('täxt ', id) END AS text, id / 3 AS amount, id % 2 = 0 AS flag,
    date_add(DATE'2020-01-01', CAST(id AS INT)) AS day, timestamp_micros(1700000000123456 + id * 1000003) AS moment,
    CAST(id + 0.25 AS DECIMAL(10, 2)) AS price FROM range({0}, {1})"""


def spark_plain(session, path):
    session.sql(ROWS.format(0, 20)).write.format("delta").save(path)
    session.sql(ROWS.format(20, 30)).write.format("delta").mode("append").save(path)
    session.sql(f"DELETE FROM delta.`{path}` WHERE id % 4 = 1")
    session.sql(f"MERGE INTO delta.`{path}` t USING ({ROWS.format(28, 33)}) s ON t.id = s.id WHEN MATCHED THEN UPDATE SET text = 'merged' WHEN NOT MATCHED THEN INSERT *")


def spark_checkpoint(session, path):
    one = lambda start: session.sql(ROWS.format(start, start + 2)).coalesce(1).write.format("delta")
    one(0).option("delta.checkpointInterval", "3").save(path)
    for start in range(2, 12, 2):
        one(start).mode("append").save(path)


def spark_multipart_checkpoint(session, path):
    session.conf.set("spark.databricks.delta.checkpoint.partSize", "2")
    try:
        spark_checkpoint(session, path)
    finally:
        session.conf.unset("spark.databricks.delta.checkpoint.partSize")


def spark_partitioned(session, path):
    plant = "CASE WHEN id % 4 > 0 THEN concat('ä/b=c %20 ', id % 3) END AS plant"
    for start in (0, 4):
        rows = session.sql(f"SELECT *, {plant} FROM ({ROWS.format(start, start + 4)})").coalesce(1)
        rows.write.format("delta").partitionBy("plant", "flag", "day", "price").mode("append").save(path)
    session.sql(f"UPDATE delta.`{path}` SET plant = NULL WHERE id = 1")
    session.sql(f"DELETE FROM delta.`{path}` WHERE id % 4 = 2")


def spark_grown_schema(session, path):
    """A required column, and columns that later writes bring, in another order."""
    session.sql(f"CREATE TABLE delta.`{path}` (id BIGINT NOT NULL, text STRING) USING delta")
    one = lambda rows: session.sql(rows).coalesce(1).write.format("delta").mode("append")
    one("SELECT id, concat('t', id) AS text FROM range(0, 4)").save(path)
    one("SELECT id / 2 AS amount, id FROM range(4, 7)").option("mergeSchema", "true").save(path)
    one("SELECT id, CAST(NULL AS STRING) AS text, DATE'2024-02-29' AS day FROM range(7, 9)").option("mergeSchema", "true").save(path)
    session.sql(f"ALTER TABLE delta.`{path}` ALTER COLUMN id DROP NOT NULL")


def spark_old_timestamps(session, path):
    """INT96, which Spark wrote for long by default, carries no mark of being UTC."""
    session.conf.set("spark.sql.parquet.outputTimestampType", "INT96")
    session.sql(ROWS.format(0, 3)).write.format("delta").save(path)
    session.conf.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
    session.sql(ROWS.format(3, 6)).write.format("delta").mode("append").save(path)


def one_file(session, rows):
    return session.sql(rows).coalesce(1).write.format("delta").option("delta.enableDeletionVectors", "true")


def spark_deletion_vectors(session, path):
    """Marked by DELETE, UPDATE and MERGE, twice in the same file; checkpointed; restored; purged."""
    one_file(session, ROWS.format(0, 40)).option("delta.checkpointInterval", "4").save(path)
    one_file(session, ROWS.format(40, 60)).mode("append").save(path)
    session.sql(f"DELETE FROM delta.`{path}` WHERE id % 7 = 1")
    session.sql(f"DELETE FROM delta.`{path}` WHERE id IN (0, 39, 59)")
    session.sql(f"UPDATE delta.`{path}` SET text = 'updated' WHERE id % 10 = 4")
    session.sql(f"MERGE INTO delta.`{path}` t USING ({ROWS.format(55, 65)}) s ON t.id = s.id WHEN MATCHED THEN UPDATE SET text = 'merged' WHEN NOT MATCHED THEN INSERT *")
    session.sql(f"RESTORE TABLE delta.`{path}` TO VERSION AS OF 3")
    session.sql(f"DELETE FROM delta.`{path}` WHERE id BETWEEN 40 AND 45")
    session.sql(f"REORG TABLE delta.`{path}` APPLY (PURGE)")


def spark_partitioned_vectors(session, path):
    one_file(session, ROWS.format(0, 30)).partitionBy("flag").save(path)
    session.sql(f"DELETE FROM delta.`{path}` WHERE id % 5 = 0")


def spark_long_vectors(session, path):
    """Vectors of each kind of container: a list, a bitmap and a run; and of more containers than need no offsets."""
    one_file(session, "SELECT id FROM range(0, 400000, 1, 1)").save(path)
    session.sql(f"DELETE FROM delta.`{path}` WHERE id < 65536 AND id % 3 = 0 OR id BETWEEN 70000 AND 120000 OR id IN (131072, 399999)")
    session.sql(f"DELETE FROM delta.`{path}` WHERE id BETWEEN 140000 AND 399990 AND id % 1000 <> 7")


TABLES = (
    spark_plain,
    spark_partitioned,
    spark_checkpoint,
    spark_multipart_checkpoint,
    spark_grown_schema,
    spark_old_timestamps,
    spark_deletion_vectors,
    spark_partitioned_vectors,
    spark_long_vectors,
)


def write(session, folder, tables=TABLES):
    for make in tables:
        path = folder / make.__name__
        shutil.rmtree(path, ignore_errors=True)
        make(session, str(path))
        write_expected(session, path)


def history_of(session, path):
    """[version, operation] of each commit that is still there, oldest first."""
    rows = session.sql(f"DESCRIBE HISTORY delta.`{path}`").select("version", "operation").collect()
    return sorted([row[0], row[1]] for row in rows)


def partition_columns_of(session, path):
    return list(session.sql(f"DESCRIBE DETAIL delta.`{path}`").select("partitionColumns").collect()[0][0])


def schema_of(frame):
    return [[field["name"], field["type"], field["nullable"]] for field in json.loads(frame.schema.json())["fields"]]


def write_expected(session, path):
    history = history_of(session, path)
    newest = history[-1][0]
    versions, schemas = {}, {}
    for version, _ in history:
        frame = session.read.format("delta").option("versionAsOf", version).load(str(path))
        versions[version] = canonical_dicts(row.asDict() for row in frame.collect())
        schemas[version] = schema_of(frame)
    expected = {
        "newest": newest,
        "history": history,
        "partitionColumns": partition_columns_of(session, path),
        "schemas": schemas,
        "versions": versions,
    }
    path.with_name(f"{path.name}.expected.json").write_text(json.dumps(expected, ensure_ascii=False) + "\n")


def continue_tables(session, paths):
    """Spark appends to, merges into, deletes from and compacts tables that this package made, for it to read."""
    for path in paths:
        rows = session.read.format("delta").load(str(path)).orderBy("id").limit(2)
        rows.withColumn("id", rows.id + 1000).write.format("delta").mode("append").save(str(path))
        rows.withColumn("id", rows.id * 2 + 1).createOrReplaceTempView("changed")
        session.sql(f"MERGE INTO delta.`{path}` t USING changed s ON t.id = s.id WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *")
        session.sql(f"DELETE FROM delta.`{path}` WHERE id % 9 = 2 OR id = 1001")
        session.sql(f"OPTIMIZE delta.`{path}`")
        write_expected(session, path)


def continue_ours(session, folder, report):
    """Spark appends to, and deletes from, a table that this package made."""
    path = str(folder / "spark_names")
    before = session.read.format("delta").load(path).count()
    session.sql(f"INSERT INTO delta.`{path}` VALUES (7, 7, 'spark', 'spark')")
    session.sql(f"DELETE FROM delta.`{path}` WHERE id = 1")
    report("Spark: appends to and deletes from our table", session.read.format("delta").load(path).count() == before)
    odd = str(folder / "odd_names")
    rows = session.read.format("delta").load(odd)
    count = rows.count()
    rows.limit(1).write.format("delta").mode("append").save(odd)
    report("Spark: appends to our table with odd names", session.read.format("delta").load(odd).count() == count + 1)
    try:
        rows.write.format("delta").save(str(folder / "odd_names_copy"))
        report("Spark: creates no table of its own with names that hold ' ,;{}()\\n\\t='", False, "it did")
    except Exception as error:
        refused = "DELTA_INVALID_CHARACTERS_IN_COLUMN_NAMES" in str(error)
        report("Spark: creates no table of its own with names that hold ' ,;{}()\\n\\t='", refused, error)
