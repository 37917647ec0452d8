"""Makes `VERSION-tasks.json` beside it: for each kind of task a model that the library's own Python package trained, one
that it trained further, and one that it refreshed on other rows; with every model its bytes, its evaluation history, and
its predictions, margins, leaf indices and contributions.

Run it once with each version, as make.py:
    pip install xgboost-cpu==3.2.0 numpy && python make_tasks.py
    pip install xgboost==1.7.6 'numpy<2' && python make_tasks.py

Arrays are base64 of little-endian float32, row-major; models base64 of UBJSON, and the SHA-256 of their JSON.
"""

import base64
import hashlib
import json
import pathlib

import numpy
import xgboost

ROWS = 80
COLUMNS = 5
ROUNDS = 4
COMMON = {"tree_method": "hist", "nthread": 1, "max_depth": 3}
TASKS = {
    "binary": {"objective": "binary:logistic", "eval_metric": ["logloss", "auc"]},
    "multiclass": {"objective": "multi:softprob", "num_class": 3, "eval_metric": ["mlogloss", "merror"]},
    "regression": {"objective": "reg:squarederror", "eval_metric": ["rmse", "mae"]},
    "ranking": {"objective": "rank:ndcg", "eval_metric": ["ndcg@3", "ndcg"]},
    "categorical": {"objective": "binary:logistic", "eval_metric": ["logloss"], "max_cat_to_onehot": 3},
    "missing": {"objective": "reg:squarederror", "eval_metric": ["rmse"]},
}
GROUPS = [20, 25, 15, 20]


def encoded(array):
    return base64.b64encode(numpy.asarray(array, dtype="<f4").tobytes()).decode()


def table(task, seed):
    random = numpy.random.RandomState(seed)
    data = random.uniform(-2, 2, (ROWS, COLUMNS)).astype("float32")
    if task == "categorical":
        data[:, 0] = random.randint(0, 7, ROWS)
        data[:, 1] = random.randint(0, 2, ROWS)
    score = numpy.sin(2 * data[:, 0]) + data[:, 2] + random.uniform(-0.5, 0.5, ROWS)
    if task in ("binary", "categorical"):
        labels = score > 0
    elif task == "multiclass":
        labels = numpy.digitize(score, [-0.7, 0.7])
    elif task == "ranking":
        labels = numpy.digitize(score, [-1, 0, 1])
    else:
        labels = score
    if task == "missing":
        data[random.uniform(size=data.shape) < 0.35] = numpy.nan
    return data, labels.astype("float32")


def matrix_of(task, data, labels):
    types = ["c", "c", "q", "q", "q"] if task == "categorical" else None
    matrix = xgboost.DMatrix(data, labels, feature_types=types, enable_categorical=True, nthread=1)
    if task == "ranking":
        matrix.set_group(GROUPS)
    return matrix


def described(booster, history, matrix):
    raw = booster.save_raw("ubj")
    again = xgboost.Booster(model_file=raw)
    assert numpy.array_equal(again.predict(matrix), booster.predict(matrix))
    return {
        "model": base64.b64encode(bytes(raw)).decode(),
        "jsonSha256": hashlib.sha256(bytes(booster.save_raw("json"))).hexdigest(),
        "history": {name: [float(value) for value in values] for name, values in history["train"].items()},
        "value": encoded(booster.predict(matrix)),
        "margin": encoded(booster.predict(matrix, output_margin=True)),
        "leaf": encoded(booster.predict(matrix, pred_leaf=True)),
        "contributions": encoded(booster.predict(matrix, pred_contribs=True)),
    }


def make(task, chosen):
    parameters = {**COMMON, **chosen}
    data, labels = table(task, 5)
    other_data, other_labels = table(task, 6)
    matrix, other = matrix_of(task, data, labels), matrix_of(task, other_data, other_labels)

    def trained(extra, on, base):
        history = {}
        booster = xgboost.train(
            {**parameters, **extra},
            on,
            ROUNDS,
            evals=[(on, "train")],
            evals_result=history,
            verbose_eval=False,
            xgb_model=base,
        )
        return booster, described(booster, history, matrix)

    first, fresh = trained({}, matrix, None)
    start = first.save_raw("ubj")
    _, continued = trained({}, other, xgboost.Booster(model_file=start))
    update = {"process_type": "update", "updater": "refresh", "refresh_leaf": True}
    _, refreshed = trained(update, other, xgboost.Booster(model_file=start))
    return {
        "parameters": parameters,
        "featureTypes": matrix.feature_types,
        "groups": GROUPS if task == "ranking" else None,
        "data": encoded(data),
        "labels": encoded(labels),
        "otherData": encoded(other_data),
        "otherLabels": encoded(other_labels),
        "models": {"fresh": fresh, "continued": continued, "refreshed": refreshed},
    }


result = {
    "madeBy": f"xgboost {xgboost.__version__} for Python, numpy {numpy.__version__}",
    "version": xgboost.__version__,
    "rounds": ROUNDS,
    "rows": ROWS,
    "columns": COLUMNS,
    "tasks": {task: make(task, chosen) for task, chosen in TASKS.items()},
}
path = pathlib.Path(__file__).parent / f"{xgboost.__version__}-tasks.json"
path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
