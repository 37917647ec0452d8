"""Makes the golden files beside it: models and predictions of the library's own Python package.

Run it once with each version whose models are to be read, and commit what it writes:
    pip install xgboost-cpu==3.2.0 numpy && python make.py
    pip install xgboost==1.7.6 'numpy<2' && python make.py

Each file is one JSON object; arrays are base64 of little-endian float32, row-major; the model is base64 of UBJSON.
"""

import base64
import json
import pathlib

import numpy
import xgboost

ROWS = 60
COLUMNS = 4
ROUNDS = 5

CASES = {
    "binary": {"objective": "binary:logistic", "max_depth": 3},
    "classes": {"objective": "multi:softprob", "num_class": 3, "max_depth": 2},
    "categories": {"objective": "reg:squarederror", "max_depth": 3, "max_cat_to_onehot": 2},
    "gamma": {"objective": "reg:gamma", "max_depth": 2},
}


def encoded(array):
    return base64.b64encode(numpy.asarray(array, dtype="<f4").tobytes()).decode()


def table(name):
    random = numpy.random.RandomState(7)
    data = random.uniform(-2, 2, (ROWS, COLUMNS)).astype("float32")
    score = data[:, 0] + numpy.sin(3 * data[:, 1])
    if name == "categories":
        data[:, 0] = random.randint(0, 9, ROWS)
        score = data[:, 0] % 3 + data[:, 1]
    if name == "binary":
        labels = score > 0
    elif name == "classes":
        labels = numpy.digitize(score, [-0.7, 0.7])
    elif name == "gamma":
        labels = numpy.exp(score)
    else:
        labels = score
    data[random.uniform(size=data.shape) < 0.1] = numpy.nan
    return data, labels.astype("float32")


def make(name, chosen):
    data, labels = table(name)
    parameters = {"tree_method": "hist", "nthread": 1, **chosen}
    names = ["a", "b", "c", "größe"]
    types = ["c" if name == "categories" else "q", "q", "q", "q"]
    matrix = xgboost.DMatrix(data, labels, feature_names=names, feature_types=types, nthread=1, enable_categorical=True)
    booster = xgboost.train(parameters, matrix, ROUNDS)
    result = {
        "madeBy": f"xgboost {xgboost.__version__} for Python, numpy {numpy.__version__}",
        "version": xgboost.__version__,
        "parameters": parameters,
        "rounds": ROUNDS,
        "rows": ROWS,
        "columns": COLUMNS,
        "featureNames": names,
        "featureTypes": types,
        "data": encoded(data),
        "labels": encoded(labels),
        "model": base64.b64encode(bytes(booster.save_raw("ubj"))).decode(),
        "margins": encoded(booster.predict(matrix, output_margin=True)),
        "predictions": encoded(booster.predict(matrix)),
        "contributions": encoded(booster.predict(matrix, pred_contribs=True)),
    }
    path = pathlib.Path(__file__).parent / f"{xgboost.__version__}-{name}.json"
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


for case in CASES.items():
    make(*case)
