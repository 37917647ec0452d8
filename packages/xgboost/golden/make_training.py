"""Makes `VERSION-training.json` beside it: what the library's own Python package gives for cross-validation with given
folds, an objective of one's own, models that were refreshed and pruned, ranking, and every kind of prediction.

Run it once with each version, as make.py:
    pip install xgboost-cpu==3.2.0 numpy scipy && python make_training.py
    pip install xgboost==1.7.6 'numpy<2' scipy && python make_training.py

Arrays are base64 of little-endian float32, row-major.
"""

import base64
import json
import pathlib

import numpy
import scipy.sparse
import xgboost

ROWS = 90
COLUMNS = 4
ROUNDS = 6
PARAMETERS = {"objective": "binary:logistic", "max_depth": 3, "tree_method": "hist", "nthread": 1, "eval_metric": "logloss"}


def encoded(array):
    return base64.b64encode(numpy.asarray(array, dtype="<f4").tobytes()).decode()


def table(seed):
    random = numpy.random.RandomState(seed)
    data = random.uniform(-2, 2, (ROWS, COLUMNS)).astype("float32")
    labels = (data[:, 0] + numpy.sin(3 * data[:, 1]) + random.uniform(-1, 1, ROWS) > 0).astype("float32")
    data[random.uniform(size=data.shape) < 0.3] = numpy.nan
    return data, labels


def cross_validation(matrix):
    test = [[row for row in range(ROWS) if row % 3 == fold] for fold in range(3)]
    folds = [([row for row in range(ROWS) if row % 3 != fold], rows) for fold, rows in enumerate(test)]
    found = xgboost.cv(PARAMETERS, matrix, ROUNDS, folds=folds, as_pandas=False)
    return {"folds": test, "history": {name: [float(value) for value in values] for name, values in found.items()}}


def own_objective(data, labels):
    def squared_log(margins, matrix):
        truth = matrix.get_label()
        margins = numpy.maximum(margins, -1 + 1e-6)
        gradient = (numpy.log1p(margins) - numpy.log1p(truth)) / (margins + 1)
        hessian = (-numpy.log1p(margins) + numpy.log1p(truth) + 1) / (margins + 1) ** 2
        return gradient, numpy.maximum(hessian, 1e-6)

    matrix = xgboost.DMatrix(data, labels, nthread=1)
    parameters = {"max_depth": 2, "tree_method": "hist", "nthread": 1, "base_score": 0.5}
    booster = xgboost.train(parameters, matrix, ROUNDS, obj=squared_log)
    return {"margins": encoded(booster.predict(matrix, output_margin=True))}


def updated(booster, other):
    result = {}
    for name, settings in {
        "refresh": {"updater": "refresh", "refresh_leaf": True},
        "statistics": {"updater": "refresh", "refresh_leaf": False},
        "prune": {"updater": "prune", "gamma": 2.0},
    }.items():
        parameters = {**PARAMETERS, "process_type": "update", **settings}
        model = xgboost.train(parameters, other, ROUNDS, xgb_model=booster)
        result[name] = encoded(model.predict(other, output_margin=True))
    return result


def ranking(data, labels):
    matrix = xgboost.DMatrix(data, labels, nthread=1)
    matrix.set_group([30, 30, 30])
    parameters = {"objective": "rank:ndcg", "max_depth": 2, "tree_method": "hist", "nthread": 1}
    history = {}
    booster = xgboost.train(
        {**parameters, "eval_metric": "ndcg@5"}, matrix, ROUNDS, evals=[(matrix, "train")], evals_result=history, verbose_eval=False
    )
    return {"groups": [30, 30, 30], "history": history["train"], "margins": encoded(booster.predict(matrix, output_margin=True))}


def predictions(booster, matrix):
    kinds = {
        "value": {},
        "margin": {"output_margin": True},
        "leaf": {"pred_leaf": True},
        "contributions": {"pred_contribs": True},
        "approximateContributions": {"pred_contribs": True, "approx_contribs": True},
        "interactions": {"pred_interactions": True},
    }
    return {
        name: {"range": list(span), "values": encoded(booster.predict(matrix, iteration_range=span, **options))}
        for name, options in kinds.items()
        for span in [(0, 4)]
    }


data, labels = table(3)
other_data, other_labels = table(4)
matrix = xgboost.DMatrix(data, labels, nthread=1)
other = xgboost.DMatrix(other_data, other_labels, nthread=1)
booster = xgboost.train(PARAMETERS, matrix, ROUNDS)
present = ~numpy.isnan(data)
sparse = scipy.sparse.csr_matrix(
    (data[present], numpy.nonzero(present)[1], numpy.concatenate([[0], numpy.cumsum(present.sum(axis=1))])), shape=data.shape
)
result = {
    "madeBy": f"xgboost {xgboost.__version__} for Python, numpy {numpy.__version__}",
    "parameters": PARAMETERS,
    "rounds": ROUNDS,
    "rows": ROWS,
    "columns": COLUMNS,
    "data": encoded(data),
    "labels": encoded(labels),
    "otherData": encoded(other_data),
    "otherLabels": encoded(other_labels),
    "model": base64.b64encode(bytes(booster.save_raw("ubj"))).decode(),
    "predictions": predictions(booster, matrix),
    "inPlace": encoded(booster.inplace_predict(data)),
    "inPlaceSparse": encoded(booster.inplace_predict(sparse)),
    "crossValidation": cross_validation(matrix),
    "objective": own_objective(data, numpy.abs(data[:, 2], where=present[:, 2], out=numpy.zeros(ROWS, "float32"))),
    "objectiveLabels": encoded(numpy.abs(data[:, 2], where=present[:, 2], out=numpy.zeros(ROWS, "float32"))),
    "updated": updated(booster, other),
    "ranking": ranking(data, labels),
}
path = pathlib.Path(__file__).parent / f"{xgboost.__version__}-training.json"
path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
