"""Writes the fitted detector as scaler.onnx and detector.onnx, and checks them against the Python scores."""

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

# Old enough for every onnxruntime of the last years, new enough for all that is used here.
OPSET, IR_VERSION = 17, 8


def _model(nodes, name, inputs, outputs, constants):
    initializers = [numpy_helper.from_array(np.asarray(value), key) for key, value in constants.items()]
    graph = helper.make_graph(nodes, name, inputs, outputs, initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="vachan")
    model.ir_version = IR_VERSION
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString(deterministic=True)


def _rows(name, width=None):
    return helper.make_tensor_value_info(name, TensorProto.DOUBLE, ["batch"] if width is None else ["batch", width])


def scaler(detector):
    """[batch, features] to deviations from the training mean: logarithms where fitted so, then centre and scale."""
    node = helper.make_node
    logarithmic = detector.log_offset > 0
    return _model(
        [
            node("Max", ["features", "zero"], ["positive"]),
            node("Add", ["positive", "offset"], ["shifted"]),
            node("Log", ["shifted"], ["logs"]),
            node("Where", ["logarithmic", "logs", "features"], ["transformed"]),
            node("Sub", ["transformed", "mean"], ["centred"]),
            node("Div", ["centred", "scale"], ["scaled"]),
        ],
        "scaler", [_rows("features", len(detector.mean))], [_rows("scaled", len(detector.mean))],
        {"zero": np.array(0.0), "offset": np.where(logarithmic, detector.log_offset, 1.0), "logarithmic": logarithmic,
         "mean": detector.mean, "scale": detector.scale},
    )


def scores(detector):
    """[batch, features] of deviations to `score` [batch] and `contributions` [batch, features]."""
    node = helper.make_node
    width = len(detector.mean)
    return _model(
        [
            node("Clip", ["scaled", "lowest", "highest"], ["limited"]),
            node("Max", ["limited", "zero"], ["over"]),
            node("Min", ["limited", "zero"], ["under"]),
            node("MatMul", ["limited", "whitening"], ["whitened"]),
            *[n for value, weight in (("over", "above"), ("under", "below"), ("whitened", "together")) for n in (
                node("Mul", [value, value], [f"{value}_squared"]), node("Mul", [f"{value}_squared", weight], [f"{value}_part"]))],
            node("Sum", ["over_part", "under_part", "whitened_part"], ["contributions"]),
            node("ReduceSum", ["contributions", "across"], ["sum"], keepdims=0),
            node("Sqrt", ["sum"], ["score"]),
        ],
        "detector", [_rows("scaled", width)], [_rows("score"), _rows("contributions", width)],
        {"zero": np.array(0.0), "lowest": np.array(-detector.limit), "highest": np.array(detector.limit),
         "whitening": detector.whitening, "above": detector.above, "below": detector.below, "together": detector.together,
         "across": np.array([1])},
    )


def run(scaler_bytes, detector_bytes, rows):
    """Scores of rows through onnxruntime."""
    scaled = onnxruntime.InferenceSession(scaler_bytes).run(None, {"features": rows})[0]
    return onnxruntime.InferenceSession(detector_bytes).run(["score"], {"scaled": scaled})[0]


def check(detector, scaler_bytes, detector_bytes, rows):
    """Raises when the graphs and Python disagree on any row, alone or in a batch."""
    expected = detector.score(rows)
    np.testing.assert_allclose(run(scaler_bytes, detector_bytes, rows), expected, rtol=1e-9)
    for i in range(0, len(rows), max(1, len(rows) // 20)):
        np.testing.assert_allclose(run(scaler_bytes, detector_bytes, rows[i : i + 1]), expected[i : i + 1], rtol=1e-9)
