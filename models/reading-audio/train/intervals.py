"""95 % intervals of what is measured, for recordings that are independent of one another.

Recordings of one person are alike, so the true intervals are somewhat wider.
"""

import numpy as np
from scipy.stats import norm

Z = norm.ppf(0.975)


def wilson(hits, count):
    """Wilson's score interval of a share (Wilson 1927): [low, high]."""
    share, spread = hits / count, Z**2 / count
    centre = (share + spread / 2) / (1 + spread)
    half = Z / (1 + spread) * np.sqrt(share * (1 - share) / count + spread / (4 * count))
    return [float(max(0.0, centre - half)), float(min(1.0, centre + half))]


def delong(good, bad):
    """DeLong's interval of the area under the curve (DeLong, DeLong and Clarke-Pearson 1988), on the logit scale so that it stays below 1.

    good, bad: scores. [low, high]; where nothing overlaps, both are 1.
    """
    good, bad = np.sort(np.asarray(good, dtype=np.float64)), np.sort(np.asarray(bad, dtype=np.float64))
    # How much of the other side each score is beyond, ties half.
    above = (np.searchsorted(good, bad, "left") + np.searchsorted(good, bad, "right")) / 2 / len(good)
    below = 1 - (np.searchsorted(bad, good, "left") + np.searchsorted(bad, good, "right")) / 2 / len(bad)
    auc = float(above.mean())
    deviation = np.sqrt(above.var(ddof=1) / len(bad) + below.var(ddof=1) / len(good))
    if auc in (0.0, 1.0) or deviation == 0:
        return [auc, auc]
    logit, half = np.log(auc / (1 - auc)), Z * deviation / (auc * (1 - auc))
    return [float(1 / (1 + np.exp(-value))) for value in (logit - half, logit + half)]


def of_scores(good, bad, threshold):
    """The intervals of AUC, recall and false alarms of scores; a score above the threshold is flagged."""
    flagged = [int(np.sum(np.asarray(scores) > threshold)) for scores in (bad, good)]
    return {"auc": delong(good, bad), "recall": wilson(flagged[0], len(bad)), "false_alarms": wilson(flagged[1], len(good))}
