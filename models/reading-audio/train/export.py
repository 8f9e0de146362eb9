"""Writes the fitted detector as scaler.onnx and detector.onnx, and checks them against the Python scores."""

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from detector import KNEE, LIMIT, PARTS

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
    """[batch, features] of deviations to `score` [batch] and `contributions` [batch, features], which add up to the score."""
    node = helper.make_node
    width = len(detector.mean)
    against_good = detector.weights[1:] - detector.weights[0]
    return _model(
        [
            node("Clip", ["scaled", "lowest", "highest"], ["limited"]),
            node("Neg", ["limited"], ["turned"]),
            node("Max", ["limited", "zero"], ["above"]),
            node("Max", ["turned", "zero"], ["below"]),
            *[n for side in ("above", "below") for n in (
                node("Sub", [side, "knee"], [f"{side}_knee"]), node("Max", [f"{side}_knee", "zero"], [f"far_{side}"]))],
            node("Concat", ["above", "far_above", "below", "far_below"], ["parts"], axis=1),
            node("MatMul", ["parts", "outlying_weights"], ["outlying"]),
            node("MatMul", ["parts", "weights"], ["sums"]),
            node("Add", ["sums", "constants"], ["logits"]),
            node("ReduceLogSumExp", ["logits"], ["all"], axes=[1], keepdims=1),
            node("Slice", ["logits", "first", "second", "across"], ["good"]),
            node("Sub", ["all", "good"], ["surprise_nats"]),
            node("Mul", ["surprise_nats", "surprise_scale"], ["surprise"]),
            node("Add", ["outlying", "surprise"], ["score_column"]),
            node("Squeeze", ["score_column", "across"], ["score"]),
            # Each judge goes to the features as its own sum splits.
            node("Mul", ["parts", "outlying_row"], ["outlying_parts"]),
            node("Reshape", ["outlying_parts", "by_part"], ["outlying_by_part"]),
            node("ReduceSum", ["outlying_by_part", "across"], ["outlying_split"], keepdims=0),
            node("Slice", ["logits", "second", "last", "across"], ["bad_logits"]),
            node("Softmax", ["bad_logits"], ["kinds"], axis=1),
            node("MatMul", ["kinds", "against_good"], ["mixed"]),
            node("Mul", ["parts", "mixed"], ["surprise_parts"]),
            node("Reshape", ["surprise_parts", "by_part"], ["surprise_by_part"]),
            node("ReduceSum", ["surprise_by_part", "across"], ["surprise_signed"], keepdims=0),
            node("Max", ["surprise_signed", "zero"], ["surprise_split"]),
            node("ReduceSum", ["surprise_split", "across"], ["surprise_split_sum"], keepdims=1),
            node("Add", ["surprise_split_sum", "tiny"], ["surprise_divisor"]),
            node("Div", ["surprise_split", "surprise_divisor"], ["surprise_part"]),
            node("Mul", ["surprise_part", "surprise"], ["surprise_of_score"]),
            node("Add", ["outlying_split", "surprise_of_score"], ["contributions"]),
        ],
        "detector", [_rows("scaled", width)], [_rows("score"), _rows("contributions", width)],
        {"zero": np.array(0.0), "lowest": np.array(-LIMIT), "highest": np.array(LIMIT), "knee": np.array(KNEE),
         "outlying_weights": detector.outlying[:, None].copy(), "outlying_row": detector.outlying, "weights": detector.weights.T.copy(),
         "constants": detector.constants, "surprise_scale": detector.surprise_scale, "against_good": against_good,
         "tiny": np.array(1e-12),
         "across": np.array([1]), "first": np.array([0]), "second": np.array([1]), "last": np.array([2**31 - 1]),
         "by_part": np.array([0, PARTS, width])},
    )


def run(scaler_bytes, detector_bytes, rows):
    """Scores and contributions of rows through onnxruntime."""
    scaled = onnxruntime.InferenceSession(scaler_bytes).run(None, {"features": rows})[0]
    return onnxruntime.InferenceSession(detector_bytes).run(["score", "contributions"], {"scaled": scaled})


def check(detector, scaler_bytes, detector_bytes, rows):
    """Raises when the graphs and Python disagree on any row, alone or in a batch."""
    expected, parts = detector.score(rows), detector.contributions(rows)
    np.testing.assert_allclose(parts.sum(axis=1), expected, rtol=1e-6)
    for batch in [np.arange(len(rows)), *np.arange(0, len(rows), max(1, len(rows) // 20))[:, None]]:
        score, contributions = run(scaler_bytes, detector_bytes, rows[batch])
        np.testing.assert_allclose(score, expected[batch], rtol=1e-9)
        np.testing.assert_allclose(contributions, parts[batch], rtol=1e-6, atol=1e-9)
