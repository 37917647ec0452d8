"""One measurement of Python's xgboost, in a process of its own; prints JSON. python peer.py CASE FOLDER"""

import json
import pathlib
import re
import sys
import time

import numpy
import xgboost

case, folder = sys.argv[1], pathlib.Path(sys.argv[2])
settings = json.loads((pathlib.Path(__file__).parent / "settings.json").read_text())
parameters, rounds, records = settings["parameters"], settings["rounds"], settings["records"]
COLUMNS = 28
SPARSE_COLUMNS = 5_000


def timed(work):
    started = time.perf_counter()
    result = work()
    return result, time.perf_counter() - started


def read(name, kind):
    return numpy.fromfile(folder / name, dtype=kind)


def dense():
    data = read("dense.f32", "float32").reshape(-1, COLUMNS)
    labels = read("dense-labels.f32", "float32")
    matrix, matrix_seconds = timed(
        lambda: xgboost.QuantileDMatrix(data, labels, max_bin=parameters["max_bin"], nthread=parameters["nthread"])
    )
    booster, train_seconds = timed(lambda: xgboost.train(parameters, matrix, rounds))
    prediction, predict_seconds = timed(lambda: booster.predict(xgboost.DMatrix(data, nthread=parameters["nthread"])))
    _, in_place_seconds = timed(lambda: booster.inplace_predict(data))
    one = records // 50
    record = xgboost.DMatrix(data[:1], nthread=1)
    _, explain_seconds = timed(lambda: [booster.predict(record, pred_contribs=True) for _ in range(records // 500)])
    _, one_seconds = timed(lambda: [booster.inplace_predict(data[row : row + 1]) for row in range(one)])
    return {
        "matrixSeconds": matrix_seconds,
        "trainSeconds": train_seconds,
        "predictSeconds": predict_seconds,
        "inPlaceSeconds": in_place_seconds,
        "oneRecordExplainedMicroseconds": explain_seconds / (records // 500) * 1e6,
        "oneRecordInPlaceMicroseconds": one_seconds / one * 1e6,
        "meanPrediction": float(prediction.mean(dtype="float64")),
    }


def sparse():
    import scipy.sparse

    starts = read("sparse-rowStarts.bin", "uint32").astype("int32")
    indices = read("sparse-columnIndices.bin", "uint32").astype("int32")
    rows = scipy.sparse.csr_matrix(
        (read("sparse-values.bin", "float32"), indices, starts), shape=(len(starts) - 1, SPARSE_COLUMNS)
    )
    labels = read("sparse-labels.bin", "float32")
    matrix, matrix_seconds = timed(lambda: xgboost.DMatrix(rows, labels, nthread=parameters["nthread"]))
    booster, train_seconds = timed(lambda: xgboost.train(parameters, matrix, settings["sparseRounds"]))
    prediction, in_place_seconds = timed(lambda: booster.inplace_predict(rows))
    return {
        "matrixSeconds": matrix_seconds,
        "trainSeconds": train_seconds,
        "inPlaceSeconds": in_place_seconds,
        "meanPrediction": float(prediction.mean(dtype="float64")),
    }


def flights():
    labels = read("flights-labels.f32", "float32")
    data = read("flights.f32", "float32").reshape(len(labels), -1)
    types = ["q", "c", "q", "q", "c", "c"]
    matrix, matrix_seconds = timed(
        lambda: xgboost.QuantileDMatrix(
            data,
            labels,
            feature_types=types,
            enable_categorical=True,
            max_bin=parameters["max_bin"],
            nthread=parameters["nthread"],
        )
    )
    booster, train_seconds = timed(lambda: xgboost.train(parameters, matrix, settings["flightRounds"]))
    prediction, in_place_seconds = timed(lambda: booster.inplace_predict(data))
    return {
        "matrixSeconds": matrix_seconds,
        "trainSeconds": train_seconds,
        "inPlaceSeconds": in_place_seconds,
        "meanPrediction": float(prediction.mean(dtype="float64")),
    }


def parquet():
    import pandas

    def make():
        table = pandas.read_parquet(folder / "dense.parquet")
        labels = table.pop("label")
        matrix = xgboost.QuantileDMatrix(table, labels, max_bin=parameters["max_bin"], nthread=parameters["nthread"])
        return matrix.num_row()

    rows, seconds = timed(make)
    peak = re.search(r"VmHWM:\s+(\d+) kB", pathlib.Path("/proc/self/status").read_text()).group(1)
    return {"rows": rows, "seconds": seconds, "peakMib": int(peak) / 1024}


print(json.dumps({"dense": dense, "sparse": sparse, "parquet": parquet, "flights": flights}[case]()))
