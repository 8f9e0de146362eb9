"""The peer: cv2 decodes, MediaPipe finds faces and landmarks with irises once a second, PyAV decodes the sound, Silero finds speech, librosa
takes level and pitch. Argument: how many cores it may use. Commands are JSON lines {path, pitch, every}.
"""

import importlib.util
import json
import os
import resource
import sys
import time

CORES = int(sys.argv[1])
os.environ.update(OMP_NUM_THREADS=str(CORES), NUMBA_NUM_THREADS=str(CORES), GLOG_minloglevel="3", TF_CPP_MIN_LOG_LEVEL="3")
# Its libraries write to stdout as well, which is for answers alone.
ANSWERS = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

import av  # noqa: E402
import cv2  # noqa: E402
import librosa  # noqa: E402
import mediapipe as mp  # noqa: E402
import numpy as np  # noqa: E402
import onnxruntime  # noqa: E402

cv2.setNumThreads(CORES)
FULL_RANGE = 1
RATE = 16_000
WINDOW, CONTEXT = 512, 64


def open_speech() -> onnxruntime.InferenceSession:
    package = os.path.dirname(importlib.util.find_spec("silero_vad").origin)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(os.path.join(package, "data", "silero_vad.onnx"), options)


def see(path: str, every: float) -> tuple[list[int], float]:
    detector = mp.solutions.face_detection.FaceDetection(model_selection=FULL_RANGE, min_detection_confidence=0.5)
    mesh = mp.solutions.face_mesh.FaceMesh(max_num_faces=2, refine_landmarks=True)
    capture = cv2.VideoCapture(path)
    counts, turns, last, looked = [], [], -1, 0
    while capture.grab():
        k = int(capture.get(cv2.CAP_PROP_POS_MSEC) / 1000 / every + 1e-6)
        if k == last:
            continue
        last = k
        ok, picture = capture.retrieve()
        if not ok:
            continue
        rgb = cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
        counts.append(len(detector.process(rgb).detections or []))
        faces = mesh.process(rgb).multi_face_landmarks
        if faces:
            points = faces[0].landmark
            turns.append(points[454].z - points[234].z)
            looked += len(points) == 478
        small = cv2.cvtColor(cv2.resize(picture, (320, 180), interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY)
        cv2.Laplacian(small, cv2.CV_32F).var(), small.mean()
    capture.release()
    detector.close()
    mesh.close()
    return counts, float(np.std(turns)) if turns else 0.0


def hear(path: str, pitch: bool, speech: onnxruntime.InferenceSession) -> float:
    pieces = []
    with av.open(path) as container:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        for frame in container.decode(audio=0):
            pieces += [part.to_ndarray()[0] for part in resampler.resample(frame)]
    samples = np.concatenate(pieces)
    state = np.zeros((2, 1, 128), np.float32)
    window = np.zeros((1, CONTEXT + WINDOW), np.float32)
    spoken = 0
    for start in range(0, len(samples) - WINDOW + 1, WINDOW):
        window[0, :CONTEXT] = window[0, -CONTEXT:]
        window[0, CONTEXT:] = samples[start : start + WINDOW]
        probability, state = speech.run(None, {"input": window, "state": state, "sr": np.array(RATE, np.int64)})
        spoken += probability[0, 0] >= 0.5
    librosa.feature.rms(y=samples)
    if pitch:
        librosa.yin(samples, fmin=65, fmax=400, sr=RATE)
    return spoken * WINDOW / RATE


def cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def answer(message: dict) -> None:
    print(json.dumps(message), file=ANSWERS, flush=True)


SPEECH = open_speech()
answer({"ready": f"Python {sys.version.split()[0]}, MediaPipe {mp.__version__}, cv2 {cv2.__version__}"})
for line in sys.stdin:
    if line.strip() == "quit":
        break
    task = json.loads(line)
    cpu, started = cpu_seconds(), time.perf_counter()
    counts, _ = see(task["path"], task["every"])
    seen = cpu_seconds()
    spoken = hear(task["path"], task["pitch"], SPEECH)
    answer(
        {
            "wallSeconds": time.perf_counter() - started,
            "cpuSeconds": cpu_seconds() - cpu,
            "pictureSeconds": seen - cpu,
            "peakMib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "samples": len(counts),
            "counts": [counts.count(faces) for faces in range(4)],
            "speechSeconds": spoken,
        }
    )
