"""Rewrites a TensorFlow Lite graph of convolutions as ONNX, operator by operator.

What differs between the two, and how it is bridged:

- TFLite is NHWC, ONNX is NCHW: tensors of four dimensions are kept NCHW, and turned back where a reshape makes rows of them.
- TFLite's padding `SAME` puts the odd pixel at the end: written as explicit pads.
- float16 weights stay float16 in the file; a Cast restores them, which onnxruntime folds when it loads the graph.
- Channels of zeros behind a tensor that a convolution is added to: the convolution is taken apart instead, so that nothing is padded.
- onnxruntime leaves its blocked layout of channels for PRelu, Max and Mul, and comes back for the next convolution. So PRelu(x, a) is
  a * x + (1 - a) * Relu(x), whatever a is, its factors convolutions of one pixel and one channel: these, Relu and Add keep the layout.
"""

import numpy as np
import onnx
import tflite
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
IR_VERSION = 9
TYPES = {tflite.TensorType.FLOAT32: np.float32, tflite.TensorType.FLOAT16: np.float16, tflite.TensorType.INT32: np.int32}
OPERATORS = {code: name for name, code in vars(tflite.BuiltinOperator).items() if isinstance(code, int)}


class Converter:
    """One graph on its way. `outputs` names the ONNX outputs, in the order of the TFLite model's."""

    def __init__(self, model_bytes, input_name, outputs):
        self.model = tflite.Model.GetRootAsModel(model_bytes, 0)
        self.graph = self.model.Subgraphs(0)
        self.input_name = input_name
        self.output_names = outputs
        self.nodes, self.initialisers = [], {}
        self.names = {}  # TFLite tensor -> ONNX name
        self.values = {}  # constant -> its values
        self.widened = {}  # a tensor that is another one with channels of zeros behind it -> the other one, and its channels

    def tensor(self, index):
        return self.graph.Tensors(index)

    def shape(self, index):
        """As TFLite has it: NHWC."""
        return [int(size) for size in self.tensor(index).ShapeAsNumpy()]

    def constant(self, index):
        """The weights of a tensor, or None for what is computed."""
        tensor = self.tensor(index)
        buffer = self.model.Buffers(tensor.Buffer())
        if buffer.DataLength() == 0:
            return None
        return np.frombuffer(buffer.DataAsNumpy().tobytes(), TYPES[tensor.Type()]).reshape(self.shape(index))

    def weights(self, index):
        """Constant of a tensor, also behind the DEQUANTIZE that makes float32 of float16."""
        return self.halves.get(index, self.constant(index))

    def add_constant(self, name, values):
        """Keeps values in the file and gives the name of them as float32 (or int64)."""
        stored = name
        self.values[name] = values
        if values.dtype == np.float16:
            stored = f"{name}_half"
            if name not in self.initialisers:
                self.nodes.append(helper.make_node("Cast", [stored], [name], to=TensorProto.FLOAT))
                self.initialisers[name] = None
        self.initialisers[stored] = numpy_helper.from_array(np.ascontiguousarray(values), stored)
        return name

    def emit(self, op, inputs, output, **attributes):
        self.nodes.append(helper.make_node(op, inputs, [output], **attributes))
        return output

    def convert(self):
        g = self.graph
        operators = [g.Operators(i) for i in range(g.OperatorsLength())]
        kinds = [OPERATORS[self.model.OperatorCodes(op.OpcodeIndex()).BuiltinCode()] for op in operators]
        self.halves = {op.Outputs(0): self.constant(op.Inputs(0)) for op, kind in zip(operators, kinds) if kind == "DEQUANTIZE"}
        source = g.Inputs(0)
        self.names[source] = self.input_name
        self.operators = list(zip(operators, kinds))
        for position, (op, kind) in enumerate(self.operators):
            if kind != "DEQUANTIZE":
                self.names[op.Outputs(0)] = getattr(self, kind.lower())(op, f"{kind.lower()}_{position}")
        outputs = [self.as_output(g.Outputs(i), name) for i, name in enumerate(self.output_names)]
        _, height, width, channels = self.shape(source)
        given = helper.make_tensor_value_info(self.input_name, TensorProto.FLOAT, ["batch", channels, height, width])
        # What a convolution had that was taken apart.
        used = {name for node in self.nodes if node.op_type != "Cast" for name in node.input}
        nodes = [node for node in self.nodes if node.op_type != "Cast" or node.output[0] in used]
        used |= {node.input[0] for node in nodes if node.op_type == "Cast"}
        constants = [one for name, one in self.initialisers.items() if one is not None and name in used]
        graph = helper.make_graph(nodes, "graph", [given], outputs, constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION,
                                  producer_name="vachan scripts/models")
        onnx.checker.check_model(model, full_check=True)
        return model.SerializeToString(deterministic=True)

    def as_output(self, index, name):
        """Rows: [batch, ...]; a map of one pixel loses its height and width."""
        shape = self.shape(index)
        kept = [shape[-1]] if shape[:-1] == [1] * (len(shape) - 1) else shape[1:]
        self.reshape_to(self.names[index], [-1, *kept], name)
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", *kept])

    def reshape_to(self, source, shape, output):
        return self.emit("Reshape", [source, self.add_constant(f"{output}_shape", np.array(shape, np.int64))], output)

    def options(self, op, kind):
        options = kind()
        table = op.BuiltinOptions()
        options.Init(table.Bytes, table.Pos)
        return options

    def activated(self, name, activation):
        """Adds the activation that TFLite has fused into an operator."""
        if activation == tflite.ActivationFunctionType.NONE:
            return name
        if activation == tflite.ActivationFunctionType.RELU:
            return self.emit("Relu", [name], f"{name}_relu")
        raise ValueError(f"{name}: activation {activation} is not known, expected none or ReLU")

    def pads(self, op, options, kernel, dilation=(1, 1)):
        if options.Padding() == tflite.Padding.VALID:
            return [0, 0, 0, 0]
        sizes = self.shape(op.Inputs(0))[1:3]
        strides = (options.StrideH(), options.StrideW())
        total = [max((-(-size // stride) - 1) * stride + (k - 1) * d + 1 - size, 0)
                 for size, stride, k, d in zip(sizes, strides, kernel, dilation)]
        return [t // 2 for t in total] + [t - t // 2 for t in total]

    def convolution(self, op, name, options, weights, group):
        inputs = [self.names[op.Inputs(0)], self.add_constant(f"{name}_weights", weights)]
        if op.InputsLength() > 2 and op.Inputs(2) >= 0:
            inputs.append(self.add_constant(f"{name}_bias", self.weights(op.Inputs(2))))
        dilation = (options.DilationHFactor(), options.DilationWFactor())
        self.emit("Conv", inputs, name, group=group, kernel_shape=weights.shape[2:], dilations=dilation,
                 strides=[options.StrideH(), options.StrideW()], pads=self.pads(op, options, weights.shape[2:], dilation))
        return self.activated(name, options.FusedActivationFunction())

    def conv_2d(self, op, name):
        weights = self.weights(op.Inputs(1))  # [out, height, width, in]
        return self.convolution(op, name, self.options(op, tflite.Conv2DOptions), weights.transpose(0, 3, 1, 2), 1)

    def depthwise_conv_2d(self, op, name):
        weights = self.weights(op.Inputs(1))  # [1, height, width, out]
        channels = self.shape(op.Inputs(0))[3]
        return self.convolution(op, name, self.options(op, tflite.DepthwiseConv2DOptions), weights.transpose(3, 0, 1, 2), channels)

    def add(self, op, name):
        one, other = (self.names[op.Inputs(i)] for i in range(2))
        if one in self.widened:
            self.add_to_widened(one, other, name)
        else:
            self.emit("Add", [one, other], name)
        return self.activated(name, self.options(op, tflite.AddOptions).FusedActivationFunction())

    def add_to_widened(self, widened, convolved, output):
        """Adds a convolution to what has fewer channels: its first channels are added, the others stand behind them as they are."""
        position = next(i for i, node in enumerate(self.nodes) if node.output[0] == convolved)
        convolution = self.nodes.pop(position)
        source, weights, bias = convolution.input
        narrow, channels = self.widened[widened]
        options = {attribute.name: helper.get_attribute_value(attribute) for attribute in convolution.attribute}
        parts = []
        for part, taken in [("added", slice(0, channels)), ("beside", slice(channels, None))]:
            constants = [self.add_constant(f"{convolved}_{part}_{kind}", self.values[constant][taken])
                         for kind, constant in [("weights", weights), ("bias", bias)]]
            parts.append(self.emit("Conv", [source, *constants], f"{convolved}_{part}", **options))
        self.emit("Concat", [self.emit("Add", [narrow, parts[0]], f"{output}_sum"), parts[1]], output, axis=1)

    def max_pool_2d(self, op, name):
        options = self.options(op, tflite.Pool2DOptions)
        kernel = (options.FilterHeight(), options.FilterWidth())
        return self.emit("MaxPool", [self.names[op.Inputs(0)]], name, kernel_shape=kernel,
                        strides=[options.StrideH(), options.StrideW()], pads=self.pads(op, options, kernel))

    def pad(self, op, name):
        before, after = self.constant(op.Inputs(1))[[0, 3, 1, 2]].T
        if not before.any() and after[1] > 0 and after.sum() == after[1] and self.is_added_to_convolution(op.Outputs(0)):
            self.widened[name] = (self.names[op.Inputs(0)], self.shape(op.Inputs(0))[3])
            return name
        pads = self.add_constant(f"{name}_pads", np.concatenate([before, after]).astype(np.int64))
        return self.emit("Pad", [self.names[op.Inputs(0)], pads], name)

    def prelu(self, op, name):
        slope = self.weights(op.Inputs(1)).astype(np.float32).ravel()
        source = self.names[op.Inputs(0)]
        above = self.scaled(self.emit("Relu", [source], f"{name}_relu"), 1 - slope, f"{name}_above")
        return self.emit("Add", [above, self.scaled(source, slope, f"{name}_all")], name)

    def scaled(self, source, factors, output):
        """Each channel times its factor."""
        weights = self.add_constant(f"{output}_factors", factors.reshape(-1, 1, 1, 1))
        return self.emit("Conv", [source, weights], output, group=factors.size, kernel_shape=[1, 1])

    def is_added_to_convolution(self, index):
        """Whether a tensor is used once: as the first one of an addition whose other one is a convolution that nothing else uses."""
        users = self.users(index)
        if len(users) != 1 or users[0][1] != "ADD" or users[0][0].Inputs(0) != index:
            return False
        other = users[0][0].Inputs(1)
        made = [op for op, kind in self.operators if op.Outputs(0) == other and kind == "CONV_2D"]
        return len(made) == 1 and len(self.users(other)) == 1 and self.options(made[0], tflite.Conv2DOptions).FusedActivationFunction() == 0

    def users(self, index):
        return [(op, kind) for op, kind in self.operators if index in op.InputsAsNumpy()]

    def relu(self, op, name):
        return self.emit("Relu", [self.names[op.Inputs(0)]], name)

    def reshape(self, op, name):
        rows = self.emit("Transpose", [self.names[op.Inputs(0)]], f"{name}_rows", perm=[0, 2, 3, 1])
        return self.reshape_to(rows, [-1, *self.shape(op.Outputs(0))[1:]], name)

    def resize_bilinear(self, op, name):
        options = self.options(op, tflite.ResizeBilinearOptions)
        mode = "align_corners" if options.AlignCorners() else "half_pixel" if options.HalfPixelCenters() else "asymmetric"
        before, after = self.shape(op.Inputs(0)), self.shape(op.Outputs(0))
        scales = np.array([1, 1, after[1] / before[1], after[2] / before[2]], np.float32)
        return self.emit("Resize", [self.names[op.Inputs(0)], "", self.add_constant(f"{name}_scales", scales)], name,
                        mode="linear", coordinate_transformation_mode=mode)


def convert(model_bytes, input_name, outputs):
    """ONNX bytes of a TFLite model with one input `[1, height, width, channels]`, which becomes `[batch, channels, height, width]`.

    The same bytes come out for the same bytes in. Raises AttributeError for an operator that is not known here.
    """
    return Converter(model_bytes, input_name, outputs).convert()
