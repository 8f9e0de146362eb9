"""Trains, chooses, reports and writes the model's folder: scaler.onnx, detector.onnx, manifest.json, results in README.md."""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import re

import numpy as np
from scipy import stats
from sklearn.metrics import roc_auc_score

import dataset
import detector as detectors
import export
from anomalies import KINDS
from features import SAMPLE_RATE, feature_names

FOLDER = pathlib.Path(__file__).resolve().parent.parent
VERSION = "0.1.0"
# Among good recordings by voices that the detector has not heard, this share may be flagged.
FALSE_ALARMS = 0.02
GRID = [dict(regularisation=r, limit=10.0, penalty=p) for r in (0.02, 0.1, 0.3) for p in (1e-4, 1e-3, 1e-2)]
# One letter is no reading: measured, but neither chosen by nor counted among the readings.
NOT_READINGS = {"one_letter"}


def split_of(items):
    """(is anomaly, source or kind, is a reading or an anomaly) for each item."""
    names = np.array([item[2] for item in items])
    bad = np.array([item[1] == "anomaly" for item in items])
    return bad, names, ~np.isin(names, list(NOT_READINGS))


def balanced(items):
    """Weights that make every source of speech count alike, so that many synthetic readings do not drown the people."""
    names = np.array([item[2] for item in items])
    return 1.0 / np.array([np.sum(names == name) for name in names])


def threshold_for(scores):
    """Quantile of a log-normal fitted to good readings' scores, which a few odd ones move less than a sample quantile."""
    logs = np.log(scores)
    return float(np.exp(stats.norm.ppf(1 - FALSE_ALARMS, np.mean(logs), np.std(logs))))


def fit(good, bad, regularisation, limit, penalty):
    weights = balanced(good[0])
    fitted = detectors.fit_gaussian(good[1], weights, regularisation, limit)
    detectors.fit_weights(fitted, good[1], weights, bad[1], penalty)
    return fitted


def choose(good, bad, choose_set):
    """The setting with the best mean recall by kind, each at the threshold that good readings of unheard voices give."""
    items, rows = choose_set
    is_bad, names, counts = split_of(items)
    best = None
    for setting in GRID:
        fitted = fit(good, bad, **setting)
        scores = fitted.score(rows)
        threshold = threshold_for(scores[~is_bad & counts])
        recall = np.mean([np.mean(scores[names == kind] > threshold) for kind in KINDS])
        print(f"  {setting}: mean recall {recall:.3f}, AUC {roc_auc_score(is_bad[counts], scores[counts]):.4f}")
        if best is None or recall > best[0]:
            best = (recall, setting, fitted, threshold)
    return best[1:]


def unmade(good, bad, setting, choose_set, report):
    """Recall of each kind by a detector whose weights were fitted without that kind: how it does on what nobody thought of."""
    chosen_bad, _, chosen_counts = split_of(choose_set[0])
    names = split_of(report[0])[1]
    trained = np.array([item[2] for item in bad[0]])
    found = {}
    for kind in KINDS:
        fitted = fit(good, ([item for item in bad[0] if item[2] != kind], bad[1][trained != kind]), **setting)
        limit = threshold_for(fitted.score(choose_set[1][~chosen_bad & chosen_counts]))
        found[kind] = float(np.mean(fitted.score(report[1][names == kind]) > limit))
    return found


def measure(scores, items, threshold):
    """Results by kind of anomaly and by source of good readings."""
    bad, names, counts = split_of(items)
    good = scores[~bad & counts]
    kinds = {kind: {"recordings": int(np.sum(names == kind)),
                    "auc": float(roc_auc_score(np.r_[np.zeros(len(good)), np.ones(np.sum(names == kind))],
                                               np.r_[good, scores[names == kind]])),
                    "recall": float(np.mean(scores[names == kind] > threshold))} for kind in KINDS}
    sources = {str(name): {"recordings": int(np.sum(names == name)), "flagged": float(np.mean(scores[names == name] > threshold))}
               for name in dict.fromkeys(names[~bad])}
    return {"auc": float(roc_auc_score(bad[counts], scores[counts])), "recall": float(np.mean(scores[bad] > threshold)),
            "false_alarms": float(np.mean(good > threshold)), "anomalies": kinds, "good": sources}


def table(results, unmade_recall):
    lines = [f"Over all kinds: AUC {results['auc']:.3f}, {results['recall']:.0%} of the anomalies found, "
             f"{results['false_alarms']:.1%} false alarms among readings.", "",
             "| anomaly | recordings | found | AUC | found if the weights never saw this kind |", "|---|---|---|---|---|"]
    lines += [f"| {kind.replace('_', ' ')} | {r['recordings']} | {r['recall']:.0%} | {r['auc']:.3f} | {unmade_recall[kind]:.0%} |"
              for kind, r in results["anomalies"].items()]
    lines += ["", "| good recordings | recordings | flagged |", "|---|---|---|"]
    lines += [f"| {name.replace('_', ' ')} | {r['recordings']} | {r['flagged']:.1%} |" for name, r in results["good"].items()]
    return "\n".join(lines)


def main():
    with concurrent.futures.ProcessPoolExecutor(int(os.environ.get("TRAIN_PROCESSES", "2"))) as pool:
        sets = {split: [dataset.build(pool, split, label) for label in ("normal", "anomaly")] for split in dataset.NORMAL}
    good, bad = sets["train"]
    choose_set, report = (
        (sets[split][0][0] + sets[split][1][0], np.concatenate([sets[split][0][1], sets[split][1][1]]))
        for split in ("choose", "report")
    )
    setting, fitted, limit = choose(good, bad, choose_set)
    detectors.normalise(fitted, limit)
    threshold = 1.0
    print(f"chosen {setting}")
    artefacts = {"scaler": export.scaler(fitted), "detector": export.scores(fitted)}
    export.check(fitted, artefacts["scaler"], artefacts["detector"], report[1])

    for name, data in artefacts.items():
        (FOLDER / f"{name}.onnx").write_bytes(data)
    rows = good[1]
    manifest = {
        "schema_version": 1,
        "name": "reading-audio",
        "version": VERSION,
        "licence": "Apache-2.0",
        "description": "Gaussian of good readings over 109 named audio features, its squared deviations weighted by made anomalies; "
                       "a score of 1 is the threshold, the square of the score is the sum of the features' contributions.",
        "sample_rate": SAMPLE_RATE,
        "threshold": threshold,
        "artefacts": {name: {"file": f"{name}.onnx", "sha256": hashlib.sha256(data).hexdigest()} for name, data in artefacts.items()},
        "training_data": {
            "description": "Synthetic speech (espeak-ng and festival in Marathi, Hindi and English), telephone prompts (Asterisk "
                           "core sounds, en and es) and spoken letters (KLettres), with mild room, noise, microphone, level and "
                           "codec variation.",
            "recordings": len(rows), "by_source": dataset.NORMAL["train"],
            "anomalies_by_kind": {kind: dataset.ANOMALOUS_EACH["train"] for kind in KINDS}, "seed": dataset.SEED, "setting": setting,
        },
        "features": [{"name": name, "mean": float(f"{rows[:, i].mean():.9e}"), "std": float(f"{rows[:, i].std():.9e}")}
                     for i, name in enumerate(feature_names())],
    }
    (FOLDER / "manifest.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

    measured = table(measure(fitted.score(report[1]), report[0], threshold), unmade(good, bad, setting, choose_set, report))
    print(measured)
    card = FOLDER / "README.md"
    text = card.read_text(encoding="utf-8")
    block = f"<!-- results: written by train/train.py -->\n\n{measured}\n\n<!-- end of results -->"
    card.write_text(re.sub(r"<!-- results.*?<!-- end of results -->", lambda _: block, text, flags=re.S), encoding="utf-8")

    # Rows for the test that TypeScript scores as Python does.
    some = np.linspace(0, len(report[1]) - 1, 12).astype(int)
    fixture = {"threshold": threshold, "rows": report[1][some].tolist(), "scores": fitted.score(report[1][some]).tolist()}
    path = FOLDER.parent.parent / "test" / "fixtures" / "model" / "parity.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(fixture) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
