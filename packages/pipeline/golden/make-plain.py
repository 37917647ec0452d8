"""Writes plain.json: what scikit-learn's linear models say of small encoded data sets.

Made by scikit-learn 1.9.1 and numpy 2.4.6 on Python 3.11:
    pip install scikit-learn==1.9.1 numpy==2.4.6
    python golden/make-plain.py
Rows are as a model gets them: numbers, codes of texts, NaN (null here) for missing values.
"""

import json
import pathlib

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression, Ridge

ROWS = 600
FEWEST_OF_TEXT = 20
rng = np.random.default_rng(3)


def encoded_rows():
    size = rng.normal(50, 12, ROWS)
    age = rng.exponential(3, ROWS)
    shop = rng.choice(6, ROWS, p=[0.4, 0.3, 0.17, 0.1, 0.02, 0.01]).astype(float)
    constant = np.full(ROWS, 7.0)
    rows = np.column_stack([size, age, shop, constant]).astype(np.float32)
    rows[rng.random(ROWS) < 0.1, 1] = np.nan
    rows[rng.random(ROWS) < 0.05, 2] = np.nan
    return rows


def expand(rows):
    """Standardised numbers with their missing values at the mean, a column for each frequent code, one for what is missing."""
    columns = []
    for place, kind in enumerate(["number", "number", "text", "number"]):
        values = rows[:, place].astype(np.float64)
        missing = np.isnan(values)
        if missing.any():
            columns.append(missing.astype(float))
        if kind == "text":
            for code in range(6):
                if FEWEST_OF_TEXT <= (values == code).sum():
                    columns.append((values == code).astype(float))
        elif np.nanstd(values) > 0:
            columns.append(np.where(missing, 0, (values - np.nanmean(values)) / np.nanstd(values)))
    return np.column_stack(columns)


def listed(array):
    return [None if isinstance(x, float) and np.isnan(x) else x for x in np.asarray(array).ravel().tolist()]


rows = encoded_rows()
design = expand(rows)
size, age, shop = (np.nan_to_num(rows[:, place].astype(np.float64)) for place in range(3))
margin = (size - 50) / 10 + 0.5 * age - 1.5 * (shop == 1) + rng.normal(0, 0.5, ROWS)
labels = {
    "binary": (rng.random(ROWS) < 1 / (1 + np.exp(-margin + 2))).astype(float),
    "multiclass": np.digitize(margin + rng.normal(0, 1, ROWS), [0, 1, 3]).astype(float),
    "regression": (100 * margin + rng.normal(0, 40, ROWS)).astype(np.float32).astype(float),
}
exact = {"C": 1.0, "solver": "newton-cholesky", "tol": 1e-10, "max_iter": 1000}
expected = {
    "binary": LogisticRegression(**exact).fit(design, labels["binary"]).predict_proba(design)[:, 1],
    "multiclass": LogisticRegression(**exact).fit(design, labels["multiclass"]).predict_proba(design),
    "regression": Ridge(alpha=1.0, solver="cholesky").fit(design, labels["regression"]).predict(design),
}
golden = {
    "madeBy": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}",
    "rows": listed(rows.astype(float)),
    "columns": int(design.shape[1]),
    "labels": {task: listed(values) for task, values in labels.items()},
    "expected": {task: listed(np.round(values, 9)) for task, values in expected.items()},
}
pathlib.Path(__file__).with_name("plain.json").write_text(json.dumps(golden) + "\n")
