"""A Gaussian of good readings whose squared deviations are weighted by what tells anomalies apart.

Each feature of a row gives three squares: of its deviation z above the training mean, of its deviation below, and of its
corr-max value w = R^(-1/2) z (Garthwaite and Koch, "Evaluating the contributions of individual variables to a quadratic
form", 2016), where R is the correlation matrix of good readings: w stays as close to z as uncorrelated values can, and with
equal weights its squares alone add up to the Mahalanobis distance. The weights are not negative, so a recording never
becomes more normal by being further away, and an anomaly of a kind that nobody made still adds up; they are fitted by
logistic regression on made anomalies. The sum splits by feature, which gives the reasons.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from features import feature_names

# Levels and durations are perceived, and spread, by their ratio. The small number keeps the logarithm of silence finite.
LOGARITHMIC = {"rms_mean": 1e-5, "rms_std": 1e-5, "spectral_flatness_mean": 1e-6, "spectral_flatness_std": 1e-6,
               "duration_seconds": 1e-2}
# Least scale of features that hardly move in good recordings: one overloaded sample in a thousand is one deviation.
LEAST_SCALE = {"clipping_ratio": 1e-3, "silence_ratio": 0.05, "duration_seconds": 0.8}

# How much a clip's end differs from its start: a pause before the reading moves it more than anything that goes wrong.
UNUSED = np.array([name.startswith("mfcc_delta_") and name.endswith("_mean") for name in feature_names()])


@dataclass
class Detector:
    log_offset: np.ndarray  # 0 where the feature is used as it is
    mean: np.ndarray
    scale: np.ndarray
    whitening: np.ndarray
    above: np.ndarray
    below: np.ndarray
    together: np.ndarray
    limit: float

    def transform(self, rows):
        logs = np.log(np.maximum(rows, 0) + np.where(self.log_offset > 0, self.log_offset, 1.0))
        return np.where(self.log_offset > 0, logs, rows)

    def scaled(self, rows):
        return (self.transform(rows) - self.mean) / self.scale

    def squares(self, rows):
        """[rows, 3, features]: above, below, together."""
        z = np.clip(self.scaled(rows), -self.limit, self.limit)
        return np.stack([np.maximum(z, 0) ** 2, np.minimum(z, 0) ** 2, (z @ self.whitening) ** 2], axis=1)

    def contributions(self, rows):
        return (self.squares(rows) * np.stack([self.above, self.below, self.together])).sum(axis=1)

    def score(self, rows):
        return np.sqrt(self.contributions(rows).sum(axis=1))


def fit_gaussian(rows, weights, regularisation, limit):
    """Mean, scale and whitening of good readings; `regularisation` is the share of the identity in the correlation matrix."""
    names = feature_names()
    shares = weights / weights.sum()
    offset = np.array([LOGARITHMIC.get(name, 0.0) for name in names])
    ones = np.ones(len(names))
    detector = Detector(offset, 0 * ones, ones, np.eye(len(names)), 0 * ones, 0 * ones, ones / len(names), limit)
    transformed = detector.transform(rows)
    detector.mean = shares @ transformed
    detector.scale = np.maximum(np.sqrt(shares @ (transformed - detector.mean) ** 2), [LEAST_SCALE.get(n, 1e-9) for n in names])
    z = np.clip(detector.scaled(rows), -limit, limit)
    correlation = (1 - regularisation) * (z * shares[:, None]).T @ z + regularisation * np.eye(len(names))
    correlation[UNUSED | UNUSED[:, None]] = 0
    correlation[UNUSED, UNUSED] = 1
    values, vectors = np.linalg.eigh(correlation)
    detector.whitening = vectors @ np.diag(values**-0.5) @ vectors.T
    return detector


def fit_weights(detector, good, good_weights, bad, penalty):
    """Logistic regression with weights that are not negative; both classes count alike."""
    squares = detector.squares(np.concatenate([good, bad])).reshape(len(good) + len(bad), -1)
    spread = squares.std(axis=0) + 1e-9
    squares = squares / spread
    sign = np.r_[-np.ones(len(good)), np.ones(len(bad))]
    shares = np.r_[good_weights / good_weights.sum(), np.ones(len(bad)) / len(bad)]

    def loss(parameters):
        margin = sign * (squares @ parameters[:-1] + parameters[-1])
        gradient = -sign * shares * expit(-margin)
        value = shares @ np.logaddexp(0, -margin) + penalty * parameters[:-1] @ parameters[:-1] / 2
        return value, np.r_[squares.T @ gradient + penalty * parameters[:-1], gradient.sum()]

    fitted = minimize(loss, np.r_[np.where(np.tile(UNUSED, 3), 0, 0.01), -3.0], jac=True, method="L-BFGS-B",
                      bounds=[(0, 0) if unused else (0, None) for unused in np.tile(UNUSED, 3)] + [(None, None)], options={"maxiter": 1_000})
    detector.above, detector.below, detector.together = (fitted.x[:-1] / spread).reshape(3, -1)


def normalise(detector, threshold):
    """Scales the weights so that `threshold` becomes 1, and rounds what goes into the artefacts."""
    for field in ("above", "below", "together"):
        setattr(detector, field, getattr(detector, field) / threshold**2)
    # Ten digits: libraries for linear algebra differ in the last ones from processor to processor.
    for field in ("mean", "scale", "whitening", "above", "below", "together"):
        setattr(detector, field, np.vectorize(lambda x: float(f"{x:.9e}"))(getattr(detector, field)))
