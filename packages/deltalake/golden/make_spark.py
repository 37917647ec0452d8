"""Golden tables as Spark writes them, with what it says of them: `tables` of make.py has delta-rs's.

    DELTA_SPARK_PACKAGE=io.delta:delta-spark_2.12:3.3.2 DELTA_SPARK_IVY=… python make_spark.py FOLDER [TABLE …]
    (pip install pyspark==3.5.7 pyarrow==26.0.1; Java 11 or newer; the jars come from Maven)
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "conformance"))
import spark_session
import spark_tables

# Small ones: the others are made anew in each run of scripts/conformance.mjs.
GOLDEN = (
    spark_tables.spark_plain,
    spark_tables.spark_partitioned,
    spark_tables.spark_checkpoint,
    spark_tables.spark_multipart_checkpoint,
    spark_tables.spark_grown_schema,
    spark_tables.spark_deletion_vectors,
    spark_tables.spark_partitioned_vectors,
)

if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    session = spark_session.open()
    spark_tables.write(session, folder, [make for make in GOLDEN if not sys.argv[2:] or make.__name__ in sys.argv[2:]])
    session.stop()
    for leftover in folder.rglob("*.crc"):
        leftover.unlink()
