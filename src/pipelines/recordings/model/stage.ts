import { InferenceSession, Tensor } from '../../../platform/onnx-runtime.js';
import { ONE_THREAD_SESSION } from '../../../platform/onnx-session-options.js';
import { ModelInvalid } from '../../../platform/model-folder.js';

type ElementType = 'float32' | 'float64';
type Matrix = Float32Array | Float64Array;

/** One ONNX graph that takes a batch of rows: the scaler or the detector. */
export interface Stage {
  /** Rows (row-major, `width` values each) to the named outputs, also row-major. */
  run(rows: ArrayLike<number>, count: number): Promise<Record<string, Matrix>>;
  readonly outputs: readonly OutputShape[];
  release(): Promise<void>;
}

export interface OutputShape {
  name: string;
  /** Values a row. */
  width: number;
}

/**
 * Opens a graph and checks that it takes `[batch, width]` with a dynamic batch.
 *
 * @param label names the graph in messages
 * @throws ModelInvalid when onnxruntime cannot load it or its input or outputs have another shape or type
 */
export async function openStage(bytes: Uint8Array, label: string, width: number): Promise<Stage> {
  const session = await InferenceSession.create(bytes, ONE_THREAD_SESSION).catch((cause: unknown) => {
    throw new ModelInvalid(`${label} cannot be loaded by onnxruntime`, { cause });
  });
  const input = session.inputMetadata[0];
  if (session.inputMetadata.length !== 1 || input === undefined) {
    throw new ModelInvalid(`${label} has ${session.inputMetadata.length} inputs, expected one`);
  }
  const inputShape = rowsOf(input, label);
  if (inputShape.width !== width) {
    throw new ModelInvalid(
      `${label}: input ${input.name} takes ${inputShape.width} values a row, expected ${width}`,
    );
  }
  const { name, type } = inputShape;
  return {
    outputs: session.outputMetadata.map((output) => rowsOf(output, label)),
    async run(rows, count) {
      const data = type === 'float64' ? Float64Array.from(rows) : Float32Array.from(rows);
      const results = await session.run({ [name]: new Tensor(type, data, [count, width]) });
      return Object.fromEntries(Object.entries(results).map(([key, tensor]) => [key, tensor.data as Matrix]));
    },
    release: () => session.release(),
  };
}

function rowsOf(value: InferenceSession.ValueMetadata, label: string): OutputShape & { type: ElementType } {
  if (!value.isTensor || (value.type !== 'float32' && value.type !== 'float64')) {
    const type = value.isTensor ? value.type : 'no tensor';
    throw new ModelInvalid(`${label}: ${value.name} is ${type}, expected a float32 or float64 tensor`);
  }
  const [batch, width = 1, ...rest] = value.shape;
  if (typeof batch === 'number' && batch > 0) {
    throw new ModelInvalid(`${label}: ${value.name} has a batch fixed at ${batch}, expected a dynamic batch`);
  }
  if (batch === undefined || rest.length > 0 || typeof width !== 'number' || width < 1) {
    throw new ModelInvalid(
      `${label}: ${value.name} has shape [${value.shape.join(', ')}], expected [batch, values]`,
    );
  }
  return { name: value.name, width, type: value.type };
}
