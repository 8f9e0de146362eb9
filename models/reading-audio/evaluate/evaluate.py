"""Scores the shipped model, or that of a folder, on recordings that share no voice and no code with its training, and prints the table.

For reporting only: nothing is fitted to what this makes, and no threshold is set by it. `../train/run.sh` runs it last; alone:
VOICES_FOLDER=.cache/voices DATASET_FOLDER=.cache/dataset .cache/train-venv/bin/python models/reading-audio/evaluate/evaluate.py [FOLDER]
"""

import json
import os
import pathlib
import subprocess
import sys
import zlib

import numpy as np
import onnxruntime
from sklearn.metrics import roc_auc_score

from damage import MAKERS
from readers import GOOD
from recordings import ANOMALIES, SOURCES, make

HERE = pathlib.Path(__file__).resolve().parent
TRAIN = HERE.parent / "train"
sys.path.append(str(TRAIN))

import card  # noqa: E402


def scores(model, rows):
    scaled = onnxruntime.InferenceSession(model / "scaler.onnx").run(None, {"features": rows})[0]
    threshold = json.loads((model / "manifest.json").read_text(encoding="utf-8"))["threshold"]
    return onnxruntime.InferenceSession(model / "detector.onnx").run(["score"], {"scaled": scaled})[0] / threshold


def measure(items, values):
    labels, names = np.array([item[0] for item in items]), np.array([item[1] for item in items])
    readers = values[np.isin(names, SOURCES)]

    def auc(bad):
        return round(float(roc_auc_score(np.r_[np.zeros(len(readers)), np.ones(len(bad))], np.r_[readers, bad])), 4)

    def share(some):
        return round(float(np.mean(some > 1)), 4)

    bad = values[labels == "anomaly"]
    ways = {kind: [share(values[(names == kind) & np.array([item[2] % len(makers) == way for item in items])]) for way in range(len(makers))]
            for kind, makers in MAKERS.items()}
    return {"auc": auc(bad), "recall": share(bad), "false_alarms": share(readers),
            "anomalies": {kind: {"recordings": ANOMALIES, "recall": share(values[names == kind]), "auc": auc(values[names == kind]),
                                 "recall_by_way": ways[kind]} for kind in MAKERS},
            "good": {source: {"recordings": GOOD[source][1], "flagged": share(values[names == source])} for source in GOOD}}


def main():
    """Without an argument the shipped model, written into its results; with a model's folder, printed."""
    code = "".join((HERE / f"{name}.py").read_text(encoding="utf-8") for name in ("readers", "damage", "recordings"))
    folder = pathlib.Path(os.environ["DATASET_FOLDER"]) / f"independent-{zlib.crc32(code.encode()):08x}"
    folder.mkdir(parents=True, exist_ok=True)
    items = make(folder)
    subprocess.run(["node", TRAIN / "extract.cjs", folder], check=True)
    rows = np.array([np.fromfile(folder / f"{index:04}.f64") for index in range(len(items))])
    results = measure(items, scores(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent, rows))
    print(json.dumps(results, indent=1))
    if len(sys.argv) == 1:
        card.add_independent(HERE.parent, results)


if __name__ == "__main__":
    main()
