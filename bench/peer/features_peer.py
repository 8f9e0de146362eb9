"""Features alone, by one library, for `npm run bench -- audio`: librosa (the peer's 109 features) or openSMILE (eGeMAPSv02 functionals).

Speaks the same JSON lines as peer.py; its one command is `features`, in one process and on one thread.
"""
import json
import os
import sys
import time
import warnings

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = "1"
warnings.filterwarnings("ignore")

import numpy as np  # noqa: E402

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
SAMPLE_RATE = 22_050


def of_librosa():
    import librosa

    sys.path.insert(0, os.path.join(ROOT, "models", "reading-audio", "train"))
    import features as reference

    return f"librosa {librosa.__version__}", reference.extract_librosa


def of_opensmile():
    import opensmile

    smile = opensmile.Smile(
        feature_set=opensmile.FeatureSet.eGeMAPSv02, feature_level=opensmile.FeatureLevel.Functionals
    )
    version = f"openSMILE {opensmile.__version__}, eGeMAPSv02 functionals"
    return version, lambda waveform: smile.process_signal(waveform, SAMPLE_RATE).to_numpy()[0]


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        clips = json.load(file)
    version, extract = {"librosa": of_librosa, "opensmile": of_opensmile}[sys.argv[2]]()
    waveforms = [np.fromfile(clip["waveform"], dtype=np.float32) for clip in clips]
    # What is compiled or loaded at the first call is not measured.
    extract(waveforms[0])
    print(json.dumps({"ready": f"{version}, Python {sys.version.split()[0]}, numpy {np.__version__}"}), flush=True)
    for line in sys.stdin:
        if line.strip() == "quit":
            break
        started, cpu = time.perf_counter(), time.process_time()
        rows = [extract(waveform) for waveform in waveforms]
        answer = {"seconds": time.perf_counter() - started, "cpuSeconds": time.process_time() - cpu}
        print(json.dumps({**answer, "rows": [np.asarray(row).tolist() for row in rows]}), flush=True)


if __name__ == "__main__":
    try:
        main()
    except Exception as error:  # One line: the bench goes on without this peer.
        sys.exit(f"{sys.argv[2]}: {type(error).__name__}: {error}")
