"""Writes statistics.json: what other implementations make of small inputs, for crates/eval/src/statistics.

    pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 statsmodels==0.15.0
    python generate.py

Python 3.11; a quarter of a minute. Where results are random, the file has the exact value by enumeration, or bounds: what a Monte
Carlo run of RESAMPLES resamples (of SIMULATIONS simulations) stays within by five standard errors.
"""

import itertools
import json
import math
from pathlib import Path

import numpy as np
import statsmodels.api as sm
from scipy import stats
from sklearn.calibration import calibration_curve
from sklearn.metrics import roc_auc_score
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

HERE = Path(__file__).parent
RESAMPLES = 20_000
SIMULATIONS = 2_000
# Of the reference runs of scipy, so that their own error hardly counts.
REFERENCE = 200_000
ROUNDING = 1e-9

rng = np.random.default_rng(2026)


def numbers(array, digits=None):
    array = np.asarray(array, dtype=float)
    return (array if digits is None else array.round(digits)).tolist()


def within(p, count, errors=5):
    """Bounds of a share of `count` trials of probability p."""
    slack = errors * math.sqrt(p * (1 - p) / count) + 1 / count
    return [max(0, p - slack - ROUNDING), min(1, p + slack + ROUNDING)]


def interval(distribution):
    """Bounds of both ends of the 95 % percentile interval, from the distribution of the resamples."""
    slack = 5 * math.sqrt(0.025 * 0.975 * (1 / RESAMPLES + 1 / REFERENCE)) + 1 / RESAMPLES

    def end(share):
        low, high = np.quantile(distribution, [share - slack, share + slack])
        return [low - ROUNDING, high + ROUNDING]

    return {"low": end(0.025), "high": end(0.975)}


def holm():
    lists = [
        rng.uniform(0, 0.1, 9).round(4),
        np.array([0.01, 0.04, 0.03, 0.005]),
        np.array([0.02, 0.02, 0.02, 0.9, 0.0, 1.0]),
        rng.uniform(0, 1, 25).round(3) ** 3,
        np.array([0.3]),
    ]
    return [{"p": numbers(p), "adjusted": numbers(multipletests(p, method="holm")[1])} for p in lists]


def auroc():
    cases = []
    for levels, items in [(3, 40), (8, 100), (1000, 60)]:
        right = rng.random(items) < 0.6
        scores = rng.integers(0, levels, items) + np.where(right, levels // 3, 0)
        cases.append({"scores": numbers(scores), "right": right.tolist(), "auroc": roc_auc_score(right, scores)})
    return cases


def auroc_interval():
    """Every resample of seven clusters; those without both labels are left out."""
    clusters = []
    for _ in range(7):
        size = int(rng.integers(1, 5))
        right = rng.random(size) < 0.5
        clusters.append((rng.integers(0, 6, size) + 2 * right, right))
    areas = []
    for count in itertools.combinations_with_replacement(range(7), 7):
        scores = np.concatenate([clusters[i][0] for i in count])
        right = np.concatenate([clusters[i][1] for i in count])
        if right.all() or not right.any():
            continue
        orders = math.factorial(7) // math.prod(math.factorial(count.count(i)) for i in range(7))
        areas += [roc_auc_score(right, scores)] * orders
    everything = [np.concatenate(part) for part in zip(*clusters)]
    return {
        "scores": [numbers(scores) for scores, _ in clusters],
        "right": [right.tolist() for _, right in clusters],
        "auroc": roc_auc_score(everything[1], everything[0]),
        **interval(areas),
    }


def wilson():
    cases = []
    for right, count in [(0, 1), (1, 1), (0, 30), (30, 30), (7, 12), (1, 50), (450, 1000), (9990, 10000)]:
        low, high = proportion_confint(right, count, alpha=0.05, method="wilson")
        cases.append({"right": right, "count": count, "low": low, "high": high})
    return cases


def examples(items, scales, weights, intercept):
    features = (rng.standard_normal((items, len(scales))) * scales + np.array(scales)).round(4)
    odds = intercept + ((features - np.array(scales)) / scales) @ np.array(weights)
    return features, rng.random(items) < 1 / (1 + np.exp(-odds))


def logit(features, right):
    fit = sm.Logit(right.astype(float), sm.add_constant(features, has_constant="add"))
    return fit.fit(method="newton", tol=1e-14, maxiter=100, disp=False)


def logistic():
    cases = []
    for items, scales, weights, intercept in [
        (60, [1.0], [0.8], -0.3),
        (120, [2.0, 0.05], [-1.2, 0.5], 0.5),
        (150, [1.0, 3000.0, 0.001, 5.0], [2.0, -1.0, 0.3, 0.0], 1.0),
    ]:
        features, right = examples(items, scales, weights, intercept)
        fit = logit(features, right)
        cases.append(
            {
                "features": numbers(features),
                "right": right.tolist(),
                "intercept": fit.params[0],
                "weights": numbers(fit.params[1:]),
                "log_likelihood": fit.llf,
                "probabilities": numbers(fit.predict()[:10]),
            }
        )
    return cases


def held_out():
    """Log-loss of items that a fit has not seen: cluster i is in fold i mod 4; first feature alone, and both."""
    clusters = []
    for _ in range(30):
        features, right = examples(int(rng.integers(1, 5)), [1.0, 2.0], [-1.0, 1.0], 0.3)
        clusters.append((features, right))

    def losses(width):
        per_cluster = []
        for index, (features, right) in enumerate(clusters):
            training = [cluster for other, cluster in enumerate(clusters) if other % 4 != index % 4]
            known, labels = (np.concatenate(part) for part in zip(*training))
            p = logit(known[:, :width], labels).predict(sm.add_constant(features[:, :width], has_constant="add"))
            per_cluster.append(numbers(-np.log(np.where(right, p, 1 - p))))
        return per_cluster

    return {
        "features": [numbers(features) for features, _ in clusters],
        "right": [right.tolist() for _, right in clusters],
        "folds": 4,
        "base": losses(1),
        "full": losses(2),
    }


def reliability():
    predictions = rng.beta(3, 2, 200).round(6)
    right = rng.random(200) < predictions**1.5
    shares, means = calibration_curve(right, predictions, n_bins=10, strategy="quantile")
    return {
        "predictions": numbers(predictions),
        "right": right.tolist(),
        "means": numbers(means),
        "shares": numbers(shares),
        "error": float(np.abs(shares - means).mean()),
    }


def unclustered():
    """scipy's bootstrap and permutation test of one sample."""
    cases = []
    for values in [
        rng.choice([-1, 0, 1], 120, p=[0.12, 0.65, 0.23]),
        rng.standard_normal(80).round(3) + 0.2,
        rng.choice([-1, 0, 1], 14, p=[0.1, 0.4, 0.5]),
        rng.standard_normal(13).round(3) + 0.3,
    ]:
        values = values.astype(float)
        bootstrap = stats.bootstrap(
            (values,), np.mean, method="percentile", n_resamples=REFERENCE, batch=10_000, random_state=rng
        )
        exact = len(values) < 16
        test = stats.permutation_test(
            (values,),
            lambda x, axis: np.mean(x, axis=axis),
            permutation_type="samples",
            n_resamples=np.inf if exact else REFERENCE,
            batch=10_000,
            random_state=rng,
        )
        cases.append(
            {
                "values": numbers(values),
                "mean": float(values.mean()),
                **interval(bootstrap.bootstrap_distribution),
                "p": within(test.pvalue, RESAMPLES),
            }
        )
    return cases


def clustered():
    """Two families of facts with several wordings: every resample, every pattern of signs."""
    strata = [
        [[1, 1, 0], [0], [-1, 0], [1, 0, 0, 1], [0, 1]],
        [[0, 1], [1], [0, 0, -1], [1, 1], [1, 0]],
    ]
    means = []
    for clusters in strata:
        sums, counts = (np.array([f(cluster) for cluster in clusters]) for f in (sum, len))
        drawn = np.array(list(itertools.product(range(len(clusters)), repeat=len(clusters))))
        means.append(sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1))
    pooled = np.add.outer(*means).ravel() / 2

    parts = [sum(cluster) / sum(map(len, clusters)) / 2 for clusters in strata for cluster in clusters]
    signs = np.array(list(itertools.product([1, -1], repeat=len(parts))))
    observed = sum(parts)
    p = np.mean(np.abs(signs @ np.array(parts)) >= abs(observed) - 1e-12)
    return {
        "strata": strata,
        "difference": observed,
        **interval(pooled),
        "p": within(float(p), RESAMPLES),
    }


def power():
    """Independent items of one family: the exact power of the sign test on discordant items."""
    cases = []
    for items, discordant, difference in [(100, 0.3, 0.15), (100, 0.3, 0.0), (250, 0.15, 0.06), (25, 0.4, 0.0)]:
        power = 0.0
        for count in range(1, items + 1):
            # B wins k of the discordant items.
            k = np.arange(count + 1)
            p = np.minimum(1, 2 * stats.binom.cdf(np.minimum(k, count - k), count, 0.5))
            chance = stats.binom.pmf(k, count, (1 + difference / discordant) / 2)
            power += stats.binom.pmf(count, items, discordant) * chance[p <= 0.05].sum()
        cases.append(
            {
                "items": items,
                "discordant": discordant,
                "difference": difference,
                "power": within(power, SIMULATIONS),
            }
        )
    return cases


def main():
    parts = [holm, auroc, auroc_interval, wilson, logistic, held_out, reliability, unclustered, clustered, power]
    golden = {"resamples": RESAMPLES, "simulations": SIMULATIONS, **{part.__name__: part() for part in parts}}
    lines = ",\n".join(f" {json.dumps(name)}: {json.dumps(value)}" for name, value in golden.items())
    (HERE / "statistics.json").write_text(f"{{\n{lines}\n}}\n")


main()
