"""The peer of bench/compare: two binary models on the same rows, as numpy and scikit-learn compare them.

    python peer.py FOLDER DRAWS

FOLDER holds labels.u8, current.f32 and candidate.f32. Prints JSON: times in seconds and the figures. `score` takes every
metric with scikit-learn once; `resample` is the paired bootstrap as it is usually written, scikit-learn's functions on
resampled rows; `sorted` is the same with all the work that can be done once done once, in numpy alone. DRAWS resamplings
of each are timed.
"""

import json
import sys
import time

import numpy as np
from sklearn import metrics

THRESHOLDS = (0.5, 0.45)


def score(labels, scores, threshold):
    called = scores >= threshold
    return [
        metrics.roc_auc_score(labels, scores),
        metrics.average_precision_score(labels, scores),
        metrics.log_loss(labels, scores),
        metrics.brier_score_loss(labels, scores),
        metrics.accuracy_score(labels, called),
        metrics.precision_score(labels, called),
        metrics.recall_score(labels, called),
        metrics.f1_score(labels, called),
    ]


class SortedSide:
    """Metrics of rows repeated `counts` times, after one sort."""

    def __init__(self, labels, scores, threshold):
        order = np.argsort(scores, kind="stable")[::-1]
        ordered = scores[order]
        self.order = order
        self.last = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True))
        self.labels = labels[order].astype(np.float64)
        clipped = np.clip(scores.astype(np.float64), np.finfo(np.float32).eps, 1 - np.finfo(np.float32).eps)
        self.log_losses = -np.log(np.where(labels == 1, clipped, 1 - clipped))
        self.brier_losses = (scores - labels.astype(np.float64)) ** 2
        called = scores >= threshold
        self.called = called
        self.found = called & (labels == 1)

    def measure(self, labels, counts):
        rows = counts.sum()
        weights = counts[self.order]
        positives = np.cumsum(weights * self.labels)[self.last]
        selected = np.cumsum(weights)[self.last]
        negatives = selected - positives
        auc = np.trapezoid(np.append(0, positives), np.append(0, negatives)) / positives[-1] / negatives[-1]
        with np.errstate(invalid="ignore"):
            precision = np.nan_to_num(positives / selected)
        average = np.sum(np.diff(positives, prepend=0) * precision) / positives[-1]
        called = counts @ self.called
        found = counts @ self.found
        everything = counts @ labels
        return [
            auc,
            average,
            counts @ self.log_losses / rows,
            counts @ self.brier_losses / rows,
            (rows - called - everything + 2 * found) / rows,
            found / called,
            found / everything,
            2 * found / (called + everything),
        ]


folder, draws = sys.argv[1], int(sys.argv[2])
labels = np.fromfile(f"{folder}/labels.u8", dtype=np.uint8)
sides = [np.fromfile(f"{folder}/{name}.f32", dtype=np.float32) for name in ("current", "candidate")]
rows = len(labels)
rng = np.random.default_rng(1)
warm = slice(0, 1000)
score(labels[warm], sides[0][warm], 0.5)

started = time.perf_counter()
figures = [score(labels, scores, threshold) for scores, threshold in zip(sides, THRESHOLDS)]
score_seconds = time.perf_counter() - started

started = time.perf_counter()
for _ in range(draws):
    drawn = rng.integers(0, rows, rows)
    for scores, threshold in zip(sides, THRESHOLDS):
        score(labels[drawn], scores[drawn], threshold)
resample_seconds = time.perf_counter() - started

started = time.perf_counter()
prepared = [SortedSide(labels, scores, threshold) for scores, threshold in zip(sides, THRESHOLDS)]
prepare_seconds = time.perf_counter() - started
once = [side.measure(labels, np.ones(rows)) for side in prepared]
started = time.perf_counter()
for _ in range(draws):
    counts = np.bincount(rng.integers(0, rows, rows), minlength=rows).astype(np.float64)
    for side in prepared:
        side.measure(labels, counts)
sorted_seconds = time.perf_counter() - started

assert np.allclose(once, figures, atol=1e-6), (once, figures)
print(
    json.dumps(
        {
            "score": score_seconds,
            "resampleDraw": resample_seconds / draws,
            "sortedPrepare": prepare_seconds,
            "sortedDraw": sorted_seconds / draws,
            "figures": figures,
        }
    )
)
