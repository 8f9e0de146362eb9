"""How far a recording is from good readings, in parts that say which feature adds what.

Each feature of a row gives four parts, never negative, that grow with its deviation z from good readings: above the mean and
below it, from the start and from one and a half deviations on. Two judges see them:

- `outlying` adds them up with weights that are not negative, fitted by logistic regression to tell anomalies from good readings: a
  recording never becomes more normal by being further away, and what nobody thought of still adds up.
- `surprise` is -log p(good reading) of a multinomial logistic regression over good readings and every kind of made anomaly: it knows how
  features go together in each kind.

The score is their sum, each relative to what good readings by unheard voices reach.
"""

from dataclasses import dataclass, fields

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logsumexp, softmax
from sklearn.linear_model import LogisticRegression

from features import feature_names

# Levels, rates and durations are perceived, and spread, by their ratio. The small number keeps the logarithm of nothing finite.
LOGARITHMIC = {"rms_mean": 1e-5, "rms_std": 1e-5, "spectral_flatness_mean": 1e-6, "spectral_flatness_std": 1e-6,
               "duration_seconds": 1e-2, "active_seconds": 0.05, "peak_dwell_90": 1e-4, "peak_dwell_70": 1e-3}
LOGARITHMIC |= {name: 0.3 for name in feature_names() if name.endswith("_per_second")}
# Least scale of features that hardly move in good recordings: one overloaded sample in a thousand is one deviation.
LEAST_SCALE = {"clipping_ratio": 1e-3, "silence_ratio": 0.05, "duration_seconds": 0.8, "active_seconds": 0.8}

# How much a clip's end differs from its start: a pause before the reading moves it more than anything that goes wrong.
UNUSED = np.array([name.startswith("mfcc_delta_") and name.endswith("_mean") for name in feature_names()])
# Good readings longer than those of training are no anomalies.
ONLY_BELOW = np.array([name in ("duration_seconds", "active_seconds") for name in feature_names()])

# Beyond four deviations further ones say no more: a studio that nobody has heard may be ten away in one feature.
LIMIT = 4.0
KNEE = 1.5
PARTS = 4
ALLOWED = np.tile(~UNUSED, (PARTS, 1))
ALLOWED[:2, ONLY_BELOW] = False
ALLOWED = ALLOWED.ravel()


@dataclass
class Detector:
    log_offset: np.ndarray  # 0 where the feature is used as it is
    mean: np.ndarray
    scale: np.ndarray
    outlying: np.ndarray  # [parts * features]
    weights: np.ndarray  # [kinds, parts * features]; the first kind is a good reading
    constants: np.ndarray  # [kinds]
    surprise_scale: np.ndarray

    def transform(self, rows):
        logs = np.log(np.maximum(rows, 0) + np.where(self.log_offset > 0, self.log_offset, 1.0))
        return np.where(self.log_offset > 0, logs, rows)

    def scaled(self, rows):
        return (self.transform(rows) - self.mean) / self.scale

    def parts(self, rows):
        """[rows, parts * features]: above, far above, below, far below."""
        z = np.clip(self.scaled(rows), -LIMIT, LIMIT)
        return np.concatenate([np.maximum(z, 0), np.maximum(z - KNEE, 0), np.maximum(-z, 0), np.maximum(-z - KNEE, 0)], axis=1)

    def judge(self, rows):
        """(outlying, surprise), each relative to its own limit."""
        parts = self.parts(rows)
        logits = parts @ self.weights.T + self.constants
        return parts @ self.outlying, (logsumexp(logits, axis=1) - logits[:, 0]) * self.surprise_scale

    def score(self, rows):
        return sum(self.judge(rows))

    def contributions(self, rows):
        """[rows, features]: what each adds to the score, never negative; the surprise goes to what speaks against a good reading."""
        parts = self.parts(rows)
        kinds = softmax(parts @ self.weights[1:].T + self.constants[1:], axis=1)
        by_outlying = (parts * self.outlying).reshape(len(rows), PARTS, -1).sum(axis=1)
        against_good = parts * (kinds @ (self.weights[1:] - self.weights[0]))
        by_surprise = np.maximum(against_good.reshape(len(rows), PARTS, -1).sum(axis=1), 0)
        return by_outlying + by_surprise * (self.judge(rows)[1][:, None] / (by_surprise.sum(axis=1, keepdims=True) + 1e-12))


def fit_scale(rows, weights):
    """A detector that knows mean and scale of good readings only."""
    names = feature_names()
    shares = weights / weights.sum()
    offset = np.array([LOGARITHMIC.get(name, 0.0) for name in names])
    ones = np.ones(len(names))
    detector = Detector(offset, 0 * ones, ones, ALLOWED * 1.0, np.zeros((1, PARTS * len(names))), np.zeros(1), np.array(1.0))
    transformed = detector.transform(rows)
    detector.mean = shares @ transformed
    detector.scale = np.maximum(np.sqrt(shares @ (transformed - detector.mean) ** 2), [LEAST_SCALE.get(n, 1e-6) for n in names])
    return detector


def _fit_outlying(rows, bad, shares, penalty):
    """Weights, not negative, of a logistic regression."""
    sign = np.where(bad, 1.0, -1.0)

    def loss(parameters):
        margin = sign * (rows @ parameters[:-1] + parameters[-1])
        gradient = -sign * shares * expit(-margin)
        value = shares @ np.logaddexp(0, -margin) + penalty * parameters[:-1] @ parameters[:-1] / 2
        return value, np.r_[rows.T @ gradient + penalty * parameters[:-1], gradient.sum()]

    fitted = minimize(loss, np.r_[np.where(ALLOWED, 0.01, 0), -3.0], jac=True, method="L-BFGS-B",
                      bounds=[(0, None) if use else (0, 0) for use in ALLOWED] + [(None, None)], options={"maxiter": 60})
    return fitted.x[:-1]


def fit_weights(detector, good, good_weights, bad, bad_kinds, softness, tolerance):
    """Both judges; `softness` is the inverse of the multinomial regression's penalty. Good readings count as much as all kinds together.

    At a `tolerance` of 1e-4 the regression converges: cut short it depended on the processor and found less of people unheard. 1e-3 is five
    times as fast.
    """
    rows = detector.parts(np.concatenate([good, bad]))
    is_bad = np.arange(len(rows)) >= len(good)
    # The empty name sorts first: good readings are the first kind.
    labels = np.r_[np.full(len(good), ""), bad_kinds]
    counts = {kind: np.sum(bad_kinds == kind) for kind in set(bad_kinds)}
    shares = np.r_[good_weights / good_weights.sum(), [1 / counts[kind] / len(counts) for kind in bad_kinds]]
    detector.outlying = _fit_outlying(rows, is_bad, shares, 1e-3)
    regression = LogisticRegression(C=softness, max_iter=1_000, tol=tolerance)
    regression.fit(rows * ALLOWED, labels, sample_weight=shares * len(rows) / 2)
    detector.weights, detector.constants = regression.coef_ * ALLOWED, regression.intercept_


def normalise(detector, outlying_limit, surprise_limit):
    """Makes 1 of the judges' limits, and rounds what goes into the artefacts."""
    detector.outlying = detector.outlying / outlying_limit
    detector.surprise_scale = detector.surprise_scale / surprise_limit
    # Ten digits: libraries for linear algebra differ in the last ones from processor to processor.
    for field in fields(detector):
        setattr(detector, field.name, np.vectorize(lambda x: float(f"{x:.9e}"))(getattr(detector, field.name)))
