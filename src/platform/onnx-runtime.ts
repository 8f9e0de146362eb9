/** The one door to onnxruntime: with its telemetry off, whoever opens it. */
import './no-onnx-telemetry.js';

export { InferenceSession, Tensor } from 'onnxruntime-node';
