"""Scores a model on recordings that share no voice and no code with its training, and writes the card's tables.

For reporting only: nothing is fitted to what this makes, and no threshold is set by it. `../train/run.sh` runs it last; alone:
VOICES_FOLDER=.cache/voices DATASET_FOLDER=.cache/dataset .cache/train-venv/bin/python models/reading-audio/evaluate/evaluate.py
"""

import argparse
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
from recordings import anomaly_count, make, sources

HERE = pathlib.Path(__file__).resolve().parent
TRAIN = HERE.parent / "train"
sys.path.append(str(TRAIN))

import card  # noqa: E402
import intervals  # noqa: E402


def manifest(model):
    return json.loads((model / "manifest.json").read_text(encoding="utf-8"))


def scores(model, rows):
    """In thresholds: above 1 is flagged."""
    scaled = onnxruntime.InferenceSession(model / "scaler.onnx").run(None, {"features": rows})[0]
    return onnxruntime.InferenceSession(model / "detector.onnx").run(["score"], {"scaled": scaled})[0] / manifest(model)["threshold"]


def measure(group, items, values):
    labels, names = np.array([item[0] for item in items]), np.array([item[1] for item in items])
    readers = values[(labels == "good") & np.isin(names, sources(group))]

    def auc(bad):
        return round(float(roc_auc_score(np.r_[np.zeros(len(readers)), np.ones(len(bad))], np.r_[readers, bad])), 4)

    def share(some):
        return round(float(np.mean(some > 1)), 4)

    bad = values[labels == "anomaly"]
    ways = {kind: [share(values[(names == kind) & np.array([item[2] % len(makers) == way for item in items])]) for way in range(len(makers))]
            for kind, makers in MAKERS.items()}
    return {"auc": auc(bad), "recall": share(bad), "false_alarms": share(readers), "readings": len(readers), "anomalous": len(bad),
            "intervals": intervals.of_scores(readers, bad, 1.0),
            "anomalies": {kind: {"recordings": anomaly_count(group, kind), "recall": share(values[names == kind]),
                                 "recall_interval": intervals.wilson(int(np.sum(values[names == kind] > 1)), anomaly_count(group, kind)),
                                 "auc": auc(values[names == kind]), "recall_by_way": ways[kind]} for kind in MAKERS},
            "good": {source: {"recordings": count, "flagged": share(values[(labels == "good") & (names == source)])}
                     for source, (_, count, _) in GOOD[group].items()}}


def rows_of(group):
    """(items, their features by the engine that will score them), made once for each state of the code."""
    code = "".join((HERE / f"{name}.py").read_text(encoding="utf-8") for name in ("people", "readers", "lines", "damage", "recordings"))
    folder = pathlib.Path(os.environ["DATASET_FOLDER"]) / f"{group}-{zlib.crc32(code.encode()):08x}"
    folder.mkdir(parents=True, exist_ok=True)
    items = make(folder, group)
    subprocess.run(["node", TRAIN / "extract.cjs", folder], check=True)
    return items, np.array([np.fromfile(folder / f"{index:04}.f64") for index in range(len(items))])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=pathlib.Path, help="another model's folder: its results are printed, and written nowhere")
    parser.add_argument("--kept-back", action="store_true", help="also on the voices kept back: once, when a version is finished")
    parser.add_argument("--previous", action="store_true", help="the folder is the previous version's: what the card compares with")
    arguments = parser.parse_args()
    model = arguments.folder or HERE.parent
    results = {}
    for group in ["independent", *(["kept_back", "kept_back_0_5"] if arguments.kept_back else [])]:
        items, rows = rows_of(group)
        results[group] = measure(group, items, scores(model, rows))
    print(json.dumps(results, indent=1))
    path = HERE / "previous.json"
    previous = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"version": None}
    version = manifest(model)["version"]
    if arguments.previous:
        kept = previous if previous["version"] == version else {}
        path.write_text(json.dumps({**kept, "version": version, **card.rounded(results)}, indent=1) + "\n", encoding="utf-8")
    elif arguments.folder is None:
        for group, measured in results.items():
            before = {"version": previous["version"], **previous[group]} if group in previous and previous["version"] != version else None
            card.add_evaluation(HERE.parent, group, measured, before)



if __name__ == "__main__":
    main()
