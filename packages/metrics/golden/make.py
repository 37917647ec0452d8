"""Writes golden.json: expected values of the metrics.

Made by scikit-learn 1.9.1, numpy 2.4.6 and scipy 1.17.1 on Python 3.11:
    pip install scikit-learn==1.9.1 numpy==2.4.6 scipy==1.17.1
    python golden/make.py
DeLong's test has no implementation in these libraries; here it is the definition of the 1988 paper, with the
full matrix of pairs, and scipy's normal distribution.
"""

import json
import pathlib
import warnings

import numpy as np
import scipy
import sklearn
from scipy import stats
from sklearn import calibration, metrics

warnings.simplefilter("ignore")


def rounded(values):
    return [float(v) for v in np.asarray(values, dtype=np.float64).ravel()]


def binary_case(name, labels, scores, threshold):
    labels = np.asarray(labels, dtype=np.uint8)
    scores = np.asarray(scores, dtype=np.float64)
    called = scores >= threshold
    tn, fp, fn, tp = metrics.confusion_matrix(labels, called, labels=[0, 1]).ravel()
    fpr, tpr, roc_thresholds = metrics.roc_curve(labels, scores, drop_intermediate=False)
    precision, recall, pr_thresholds = metrics.precision_recall_curve(labels, scores)
    share, mean = calibration.calibration_curve(labels, scores, n_bins=7)
    quantile_share, quantile_mean = calibration.calibration_curve(labels, scores, n_bins=5, strategy="quantile")
    single = len(set(labels)) == 1
    return {
        "name": name,
        "labels": labels.tolist(),
        "scores": rounded(scores),
        "threshold": threshold,
        "auc": None if single else metrics.roc_auc_score(labels, scores),
        "averagePrecision": metrics.average_precision_score(labels, scores),
        "logLoss": metrics.log_loss(labels, scores, labels=[0, 1]),
        "brier": metrics.brier_score_loss(labels, scores, labels=[0, 1]),
        "confusion": {"tp": int(tp), "fp": int(fp), "fn": int(fn), "tn": int(tn)},
        "accuracy": metrics.accuracy_score(labels, called),
        "precision": metrics.precision_score(labels, called, zero_division=0),
        "recall": metrics.recall_score(labels, called, zero_division=0),
        "f1": metrics.f1_score(labels, called, zero_division=0),
        "balancedAccuracy": metrics.balanced_accuracy_score(labels, called),
        "matthews": metrics.matthews_corrcoef(labels, called),
        "roc": None
        if single
        else {"x": rounded(fpr), "y": rounded(tpr), "thresholds": rounded(roc_thresholds[1:])},
        "precisionRecall": {
            "x": rounded(recall[::-1]),
            "y": rounded(precision[::-1]),
            "thresholds": rounded(pr_thresholds[::-1]),
        },
        "calibration": {"share": rounded(share), "mean": rounded(mean)},
        "quantileCalibration": {"share": rounded(quantile_share), "mean": rounded(quantile_mean)},
    }


def delong_case(name, labels, a, b):
    labels = np.asarray(labels)
    wins = []
    for scores in (np.asarray(a), np.asarray(b)):
        pairs = scores[labels == 1][:, None] - scores[labels == 0][None, :]
        wins.append((pairs > 0) + 0.5 * (pairs == 0))
    m, n = wins[0].shape
    s10 = np.cov([w.mean(axis=1) for w in wins])
    s01 = np.cov([w.mean(axis=0) for w in wins])
    s = s10 / m + s01 / n
    difference = wins[1].mean() - wins[0].mean()
    error = float(np.sqrt(s[0, 0] + s[1, 1] - 2 * s[0, 1]))
    return {
        "name": name,
        "labels": labels.tolist(),
        "a": rounded(a),
        "b": rounded(b),
        "aucA": metrics.roc_auc_score(labels, a),
        "aucB": metrics.roc_auc_score(labels, b),
        "standardErrorA": float(np.sqrt(s[0, 0])),
        "difference": float(difference),
        "standardError": error,
        "pValue": float(2 * stats.norm.sf(abs(difference) / error)),
    }


def by_class(labels, scores, called):
    """Each class against the others; None where scikit-learn has no value."""
    figures = []
    for c in range(scores.shape[1]):
        is_class = labels == c
        both = 0 < is_class.sum() < len(labels)
        figures.append(
            {
                "rows": int(is_class.sum()),
                "predicted": int((called == c).sum()),
                "recall": metrics.recall_score(is_class, called == c, zero_division=np.nan),
                "precision": metrics.precision_score(is_class, called == c, zero_division=np.nan),
                "f1": metrics.f1_score(is_class, called == c, zero_division=0),
                "auc": metrics.roc_auc_score(is_class, scores[:, c]) if both else None,
            }
        )
    return [{name: None if value is None or np.isnan(value) else value for name, value in one.items()} for one in figures]


def multiclass_case(name, labels, scores):
    labels = np.asarray(labels)
    classes = scores.shape[1]
    called = scores.argmax(axis=1)
    return {
        "name": name,
        "labels": labels.tolist(),
        "scores": rounded(scores),
        "accuracy": metrics.accuracy_score(labels, called),
        "macroF1": metrics.f1_score(labels, called, average="macro", zero_division=0),
        "balancedAccuracy": metrics.balanced_accuracy_score(labels, called),
        "matthews": metrics.matthews_corrcoef(labels, called),
        "classes": by_class(labels, scores, called),
        "logLoss": metrics.log_loss(labels, scores, labels=list(range(classes))),
        "auc": metrics.roc_auc_score(labels, scores, multi_class="ovr")
        if len(set(labels.tolist())) == classes
        else None,
        "confusion": metrics.confusion_matrix(labels, called, labels=range(classes)).ravel().tolist(),
    }


def regression_case(name, targets, predictions):
    return {
        "name": name,
        "targets": rounded(targets),
        "predictions": rounded(predictions),
        "rmse": metrics.root_mean_squared_error(targets, predictions),
        "mae": metrics.mean_absolute_error(targets, predictions),
        "r2": metrics.r2_score(targets, predictions),
    }


rng = np.random.default_rng(7)
labels = (rng.random(200) < 0.3).astype(int)
smooth = 1 / (1 + np.exp(-(rng.normal(size=200) + 1.5 * labels - 1)))
tied = np.round(smooth, 1)
other = 1 / (1 + np.exp(-(rng.normal(size=200) + 0.9 * labels + 0.5 * np.log(smooth / (1 - smooth)))))
softmax = rng.normal(size=(150, 4))
classes = rng.integers(0, 4, 150)
softmax[np.arange(150), classes] += 1.2
softmax = np.exp(softmax) / np.exp(softmax).sum(axis=1, keepdims=True)
no_third = np.where(classes == 3, 0, classes)
targets = rng.normal(size=90) * 12 + 40

golden = {
    "madeBy": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}, scipy {scipy.__version__}",
    "binary": [
        binary_case("smooth scores", labels, smooth, 0.5),
        binary_case("many ties", labels, tied, 0.4),
        binary_case("scores of exactly 0 and 1", labels, np.where(tied > 0.7, 1.0, np.where(tied < 0.3, 0.0, tied)), 1.0),
        binary_case("one constant score", labels, np.full(200, 0.25), 0.25),
        binary_case("nothing called positive", labels, smooth, 2.0),
        binary_case("no positive rows", np.zeros(20, int), smooth[:20], 0.5),
        binary_case("no negative rows", np.ones(20, int), smooth[:20], 0.5),
    ],
    "delong": [
        delong_case("smooth scores", labels, smooth, other),
        delong_case("many ties", labels, tied, np.round(other, 1)),
        delong_case("far apart", labels, other, smooth * 0.2 + labels),
    ],
    "multiclass": [
        multiclass_case("four classes", classes, softmax),
        multiclass_case("a class without rows", no_third, softmax),
        multiclass_case("one class predicted", classes, np.tile([0.4, 0.3, 0.2, 0.1], (150, 1))),
    ],
    "regression": [
        regression_case("noisy", targets, targets + rng.normal(size=90) * 3),
        regression_case("constant target", np.full(10, 2.0), np.linspace(1, 3, 10)),
        regression_case("constant target, met", np.full(10, 2.0), np.full(10, 2.0)),
    ],
}
pathlib.Path(__file__).with_name("golden.json").write_text(json.dumps(golden, indent=None) + "\n")
