"""The Python peer of `npm run bench -- audio`: librosa, soundfile and scikit-learn in N processes.

Speaks JSON lines: a command in, an answer out. `path` takes every clip from its file to its score, `features` computes the
features of the decoded waveforms in one process, `quit` ends it. Both sides of the race answer alike (see ours.mjs).
"""
import json
import multiprocessing
import os
import resource
import sys
import time
import warnings

# Before numpy is imported: a process a core is the parallelism here.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = "1"
warnings.filterwarnings("ignore")

import av  # noqa: E402
import librosa  # noqa: E402
import numpy as np  # noqa: E402
import sklearn  # noqa: E402
import soundfile  # noqa: E402
from sklearn.ensemble import IsolationForest  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import StandardScaler  # noqa: E402

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(ROOT, "models", "reading-audio", "train"))
import features as reference  # noqa: E402

SAMPLE_RATE = 22_050
model = None


def cpu_seconds():
    """Of this process and of the decoders that it started."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def load(path):
    """Mono samples at 22,050 Hz: `librosa.load`, and PyAV for what libsndfile cannot read (m4a), where librosa asks for an installed ffmpeg."""
    try:
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError:
        with av.open(path) as container:
            resampler = av.AudioResampler(format="fltp")
            frames = [part for frame in container.decode(audio=0) for part in resampler.resample(frame)]
            samples = np.concatenate([frame.to_ndarray() for frame in frames], axis=1).T
            rate = frames[0].sample_rate
    mono = librosa.to_mono(samples.T)
    return librosa.resample(mono, orig_sr=rate, target_sr=SAMPLE_RATE)


def extract(path):
    cpu, started = cpu_seconds(), time.perf_counter()
    samples = load(path)
    decoded = time.perf_counter()
    features = reference.extract_librosa(samples)
    ended = time.perf_counter()
    peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "features": features,
        "decode": decoded - started,
        "compute": ended - decoded,
        "cpu": cpu_seconds() - cpu,
        "peak_mb": peak_kb / 1024,
    }


def start(warm_up):
    """Fits a scorer of the usual size and runs everything once, so that no compilation is measured."""
    global model
    rows = np.random.default_rng(1).normal(size=(1_200, 109))
    model = make_pipeline(StandardScaler(), IsolationForest(n_estimators=100, random_state=1)).fit(rows)
    model.score_samples(extract(warm_up)["features"][None])


def score(rows):
    return model.score_samples(np.array(rows)).tolist()


def run_path(pool, clips):
    cpu, started = cpu_seconds(), time.perf_counter()
    results = list(pool.imap(extract, [clip["path"] for clip in clips], chunksize=1))
    extracted = time.perf_counter()
    pool.apply(score, ([result["features"] for result in results],))
    ended = time.perf_counter()
    by_clip = [{"decode": r["decode"] * 1e3, "features": r["compute"] * 1e3} for r in results]
    return {
        "seconds": ended - started,
        "cpuSeconds": sum(r["cpu"] for r in results) + cpu_seconds() - cpu + ended - extracted,
        "scoreMs": (ended - extracted) * 1e3 / len(clips),
        "byClip": by_clip,
        "rssMb": max(r["peak_mb"] for r in results),
        "rows": [r["features"].tolist() for r in results],
    }


def run_features(clips):
    waveforms = [np.fromfile(clip["waveform"], dtype=np.float32) for clip in clips]
    started, cpu = time.perf_counter(), time.process_time()
    rows = [reference.extract_librosa(waveform) for waveform in waveforms]
    return {
        "seconds": time.perf_counter() - started,
        "cpuSeconds": time.process_time() - cpu,
        "rows": [row.tolist() for row in rows],
    }


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        clips = json.load(file)
    processes = int(sys.argv[2])
    with multiprocessing.get_context("fork").Pool(processes, start, (clips[0]["path"],)) as pool:
        # Every member has started when all have answered at once.
        pool.map(time.sleep, [0.5] * processes, chunksize=1)
        start(clips[0]["path"])
        versions = f"librosa {librosa.__version__}, scikit-learn {sklearn.__version__}, numpy {np.__version__}"
        print(json.dumps({"ready": f"Python {sys.version.split()[0]}, {versions}"}), flush=True)
        for line in sys.stdin:
            command = line.strip()
            if command == "quit":
                break
            answer = run_path(pool, clips) if command == "path" else run_features(clips)
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
