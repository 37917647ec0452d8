"""Writes tests.json: expected values of the intervals, the tests and the metrics that scikit-learn has not.

Made by statsmodels 0.14.6, scipy 1.17.1, numpy 2.4.6 and scikit-learn 1.9.1 on Python 3.11, after golden.json and
pROC's values are there:
    pip install statsmodels==0.14.6 scipy==1.17.1 numpy==2.4.6 scikit-learn==1.9.1
    python golden/make.py && Rscript golden/make-proc.R && python golden/make-tests.py
"""

import json
import pathlib
import warnings

import numpy as np
import scipy
import sklearn
import statsmodels
import statsmodels.api as sm
from scipy import stats
from sklearn import metrics
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

warnings.simplefilter("ignore")
here = pathlib.Path(__file__)
golden = json.loads(here.with_name("golden.json").read_text())
rng = np.random.default_rng(11)


def numbers(values):
    return [float(v) for v in np.asarray(values, dtype=np.float64).ravel()]


def gain(labels, scores, k):
    """The mean over all orders of tied rows: every row at the cut counts by the share of its group that fits."""
    cut = np.sort(scores)[::-1][k - 1]
    above = scores > cut
    tied = scores == cut
    return (labels[above].sum() + labels[tied].sum() * (k - above.sum()) / tied.sum()) / labels.sum()


def calibration_error(labels, scores, bins):
    place = np.searchsorted(np.linspace(0, 1, bins + 1)[1:-1], scores)
    return sum(
        abs(labels[place == b].mean() - scores[place == b].mean()) * (place == b).mean() for b in np.unique(place)
    )


def binary_case(case):
    labels = np.asarray(case["labels"])
    scores = np.asarray(case["scores"])
    called = scores >= case["threshold"]
    both = 0 < labels.sum() < len(labels)
    one = labels.sum() > 0
    varied = len(set(scores)) > 1
    epsilon = np.finfo(np.float64).eps
    clipped = np.clip(scores, epsilon, 1 - epsilon)
    line = [None, None]
    if both and varied:
        fit = sm.Logit(labels, sm.add_constant(np.log(clipped / (1 - clipped)))).fit(
            method="newton", maxiter=200, tol=1e-15, disp=0
        )
        line = numbers(fit.params)
    return {
        "name": case["name"],
        "f2": metrics.fbeta_score(labels, called, beta=2, zero_division=0),
        "fHalf": metrics.fbeta_score(labels, called, beta=0.5, zero_division=0),
        "specificity": metrics.recall_score(labels, called, pos_label=0, zero_division=0),
        "cost": float(np.mean(np.where(called, 3.0 * (labels == 0), 7.0 * (labels == 1)))),
        "gain15": float(gain(labels, scores, 15)) if one else None,
        "lift15": float(gain(labels, scores, 15) * len(labels) / 15) if one else None,
        "kolmogorovSmirnov": float(stats.ks_2samp(scores[labels == 1], scores[labels == 0]).statistic)
        if both
        else None,
        "calibrationError": float(calibration_error(labels, scores, 10)),
        "intercept": line[0],
        "slope": line[1],
    }


def regression_case(case):
    y, p = np.asarray(case["targets"]), np.asarray(case["predictions"])
    return {
        "name": case["name"],
        "mape": metrics.mean_absolute_percentage_error(y, p),
        "pinball10": metrics.mean_pinball_loss(y, p, alpha=0.1),
        "pinball50": metrics.mean_pinball_loss(y, p, alpha=0.5),
        "pinball90": metrics.mean_pinball_loss(y, p, alpha=0.9),
    }


def bca_case(name, sample, statistic, draws):
    def vectorized(values, axis):
        return np.apply_along_axis(statistic, axis, values)

    first = stats.bootstrap((sample,), vectorized, n_resamples=draws, method="BCa", rng=3, vectorized=True)
    left_out = [statistic(np.delete(sample, i)) for i in range(len(sample))]
    return {
        "name": name,
        "estimate": float(statistic(sample)),
        "draws": numbers(first.bootstrap_distribution),
        "leftOut": numbers(left_out),
        "low": float(first.confidence_interval.low),
        "high": float(first.confidence_interval.high),
    }


def correction_case(p_values):
    return {
        "pValues": p_values,
        "holm": numbers(multipletests(p_values, method="holm")[1]),
        "benjaminiHochberg": numbers(multipletests(p_values, method="fdr_bh")[1]),
    }


def drift_case(before, after):
    p = np.where(np.asarray(before) > 0, before, 0.5) / np.sum(before)
    q = np.where(np.asarray(after) > 0, after, 0.5) / np.sum(after)
    a, b = np.asarray(before) / np.sum(before), np.asarray(after) / np.sum(after)
    cells = np.arange(len(before))
    return {
        "before": before,
        "after": after,
        "stabilityIndex": float(np.sum(scipy.special.kl_div(p, q) + scipy.special.kl_div(q, p))),
        "totalVariation": float(abs(a - b).sum() / 2),
        "kolmogorovSmirnov": float(stats.ks_2samp(np.repeat(cells, before), np.repeat(cells, after)).statistic),
    }


def segment_case():
    rows = 400
    codes = rng.integers(-1, 3, rows)
    current = rng.gamma(1.0, 0.4, rows)
    candidate = current + rng.normal(0, 0.2, rows) + np.where(codes == 1, 0.08, -0.01)
    found = []
    for segment in range(3):
        a, b = current[codes == segment], candidate[codes == segment]
        difference = b - a
        error = stats.sem(difference)
        low, high = stats.norm.interval(0.95, difference.mean(), error)
        found.append(
            {
                "segment": segment,
                "rows": len(a),
                "current": float(a.mean()),
                "candidate": float(b.mean()),
                "difference": float(difference.mean()),
                "low": float(low),
                "high": float(high),
                "pValue": float(2 * stats.norm.sf(abs(difference.mean() / error))),
            }
        )
    adjusted = multipletests([s["pValue"] for s in found], method="holm")[1]
    for segment, value in zip(found, adjusted):
        segment["adjustedPValue"] = float(value)
    found.sort(key=lambda s: -s["difference"] / (s["high"] - s["low"]))
    return {
        "codes": codes.tolist(),
        "current": numbers(current),
        "candidate": numbers(candidate),
        "segments": found,
    }


tables = [(0, 0), (0, 9), (3, 12), (7, 7), (480, 520), (900, 1100), (5000, 5400)]
skewed = rng.lognormal(0, 0.7, 60)
written = {
    "madeBy": f"statsmodels {statsmodels.__version__}, scipy {scipy.__version__}, numpy {np.__version__}, "
    f"scikit-learn {sklearn.__version__}",
    "binary": [binary_case(case) for case in golden["binary"]],
    "regression": [regression_case(case) for case in golden["regression"]],
    "wilson": [
        {"successes": s, "trials": n, "bounds": numbers(proportion_confint(s, n, method="wilson"))}
        for s, n in [(0, 10), (1, 10), (10, 10), (37, 412), (5000, 100000)]
    ],
    "mcnemar": [
        {
            "counts": list(pair),
            "pValue": 1.0
            if sum(pair) == 0
            else float(mcnemar([[0, pair[0]], [pair[1], 0]], exact=sum(pair) <= 1000, correction=True).pvalue),
        }
        for pair in tables
    ],
    "corrections": [
        correction_case([0.01]),
        correction_case([0.04, 0.001, 0.03, 0.2, 0.9, 0.011]),
        correction_case(numbers(rng.uniform(0, 0.2, 25))),
        correction_case([0.02, 0.02, 0.02, 1.0, 0.0]),
    ],
    "bca": [
        bca_case("mean of a skewed sample", skewed, np.mean, 999),
        bca_case("standard deviation", skewed, np.std, 999),
        bca_case("correlated with its rank", np.sort(skewed)[:40], lambda v: np.mean(v) / np.std(v), 400),
    ],
    "normal": [
        {"probability": p, "z": float(stats.norm.ppf(p))}
        for p in [1e-300, 1e-20, 1e-6, 0.0005, 0.025, 0.3, 0.5, 0.7, 0.975, 0.99999]
    ],
    "drift": [
        drift_case([50, 30, 20], [50, 30, 20]),
        drift_case([50, 30, 20, 0], [80, 110, 140, 5]),
        drift_case([400, 0, 3], [0, 10, 390]),
    ],
    "samples": [
        {
            "a": numbers(a),
            "b": numbers(b),
            "distance": float(stats.ks_2samp(a, b).statistic),
        }
        for a, b in [
            (rng.normal(size=80), rng.normal(0.4, 1.2, size=50)),
            (np.round(rng.normal(size=60), 0), np.round(rng.normal(size=90), 0)),
        ]
    ],
    "segments": segment_case(),
}
here.with_name("tests.json").write_text(json.dumps(written) + "\n")
