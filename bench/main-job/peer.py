"""The main job as a good pandas, XGBoost and scikit-learn script does it.

    python peer.py prepare STATE CSV...     first data and first model, not measured
    python peer.py update STATE CSV         one more month; prints a JSON object of measurements

STATE holds table.parquet and model-N.ubj with model-N.json (categories, threshold); champion.txt names N.
"""

import json
import pathlib
import resource
import sys
import time

import numpy as np
import pandas as pd
import pyarrow
import sklearn
import xgboost as xgb
from sklearn import metrics

KEY, TARGET, POSITIVE = "id", "late", "yes"
CATEGORIES = ["origin", "destination"]
NUMBERS = ["hour", "weekday", "day", "distance"]
FEATURES = NUMBERS + CATEGORIES
HOLDOUT_SHARE, VALIDATION_SHARE = 0.2, 0.1
ROUNDS = 200
PARAMETERS = {
    "objective": "binary:logistic",
    "tree_method": "hist",
    "max_depth": 6,
    "eta": 0.1,
    "min_child_weight": 1,
    "lambda": 1,
    "max_bin": 256,
    "nthread": 2,
    "seed": 1,
}


class Clock:
    """Milliseconds between one call of lap and the next, by name."""

    def __init__(self):
        self.laps = {}
        self.last = time.perf_counter()

    def lap(self, name):
        now = time.perf_counter()
        self.laps[name] = 1000 * (now - self.last)
        self.last = now


def read(paths):
    types = {KEY: "str", TARGET: "str", **{name: "str" for name in CATEGORIES}}
    tables = [pd.read_csv(path, engine="pyarrow", dtype=types) for path in paths]
    return tables[0] if len(tables) == 1 else pd.concat(tables, ignore_index=True)


def merge(state, fresh):
    path = state / "table.parquet"
    table = fresh
    if path.exists():
        table = pd.concat([pd.read_parquet(path), fresh], ignore_index=True)
        table = table.drop_duplicates(KEY, keep="last", ignore_index=True)
    table.to_parquet(state / "table.parquet.part", compression="zstd", index=False)
    (state / "table.parquet.part").replace(path)
    return table


def split(table):
    """Holdout, validation and training rows, by a stable hash of the key."""
    digest = pd.util.hash_array(table[KEY].to_numpy(dtype=object), categorize=False)
    holdout = (digest >> np.uint64(32)) < np.uint64(HOLDOUT_SHARE * 2**32)
    validation = ~holdout & ((digest & np.uint64(2**32 - 1)) < np.uint64(VALIDATION_SHARE * 2**32))
    return holdout, validation, ~holdout & ~validation


def encode(table, categories):
    """float32 features; a category is its place in the model's list, one not listed is missing."""
    features = np.empty((len(table), len(FEATURES)), dtype=np.float32)
    for index, name in enumerate(FEATURES):
        if name in categories:
            seen = table[name].astype("category").cat
            places = pd.Index(categories[name]).get_indexer(seen.categories).astype(np.float32)
            places[places < 0] = np.nan
            features[:, index] = places[seen.codes]
        else:
            features[:, index] = table[name].to_numpy(dtype=np.float32)
    return features


def best_f1_threshold(labels, scores):
    precision, recall, thresholds = metrics.precision_recall_curve(labels, scores)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    return float(thresholds[np.argmax(f1[:-1])])


def measure(labels, scores, threshold):
    called = scores >= threshold
    tn, fp, fn, tp = metrics.confusion_matrix(labels, called).ravel()
    return {
        "auc": metrics.roc_auc_score(labels, scores),
        "averagePrecision": metrics.average_precision_score(labels, scores),
        "logLoss": metrics.log_loss(labels, scores),
        "brier": metrics.brier_score_loss(labels, scores),
        "accuracy": metrics.accuracy_score(labels, called),
        "precision": metrics.precision_score(labels, called),
        "recall": metrics.recall_score(labels, called),
        "f1": metrics.f1_score(labels, called),
        "confusion": {"tp": int(tp), "fp": int(fp), "fn": int(fn), "tn": int(tn)},
    }


def save(state, version, booster, card):
    booster.save_model(state / f"model-{version}.ubj")
    (state / f"model-{version}.json").write_text(json.dumps(card))


def main():
    command, state, paths = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:]
    state.mkdir(parents=True, exist_ok=True)
    clock = Clock()
    fresh = read(paths)
    clock.lap("read")
    table = merge(state, fresh)
    del fresh
    clock.lap("merge")

    holdout, validation, training = split(table)
    labels = (table[TARGET] == POSITIVE).to_numpy(dtype=np.float32)
    categories = {name: sorted(table[name].unique()) for name in CATEGORIES}
    features = encode(table, categories)
    clock.lap("prepare")
    matrix = xgb.QuantileDMatrix(
        features[training], labels[training], feature_names=FEATURES, max_bin=PARAMETERS["max_bin"], nthread=2
    )
    booster = xgb.train(PARAMETERS, matrix, ROUNDS)
    clock.lap("train")
    threshold = best_f1_threshold(labels[validation], booster.inplace_predict(features[validation]))
    champion_file = state / "champion.txt"
    version = int(champion_file.read_text()) + 1 if champion_file.exists() else 1
    card = {"categories": categories, "threshold": threshold, "rows": int(training.sum())}
    save(state, version, booster, card)
    results = {"candidate": measure(labels[holdout], booster.inplace_predict(features[holdout]), threshold)}
    if version > 1:
        old_card = json.loads((state / f"model-{version - 1}.json").read_text())
        old = xgb.Booster(PARAMETERS, model_file=state / f"model-{version - 1}.ubj")
        scores = old.inplace_predict(encode(table[holdout], old_card["categories"]))
        results["current"] = measure(labels[holdout], scores, old_card["threshold"])
    (state / f"comparison-{version}.json").write_text(json.dumps(results))
    clock.lap("evaluate")
    champion_file.write_text(str(version))
    clock.lap("decide")

    print(
        json.dumps(
            {
                "command": command,
                "rows": len(table),
                "holdoutRows": int(holdout.sum()),
                "timings": clock.laps,
                "peakRss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
                "results": results,
                "versions": {
                    "python": sys.version.split()[0],
                    "numpy": np.__version__,
                    "pandas": pd.__version__,
                    "pyarrow": pyarrow.__version__,
                    "scikit-learn": sklearn.__version__,
                    "xgboost": xgb.__version__,
                },
            }
        )
    )


main()
