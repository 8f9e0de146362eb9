import { InferenceSession, type Tensor } from '../../../platform/onnx-runtime.js';
import { ONE_THREAD_SESSION } from '../../../platform/onnx-session-options.js';
import { DependencyUnavailable } from '../../../platform/errors.js';
import { ModelInvalid } from '../../../platform/model-folder.js';

/** One ONNX graph, on one thread. */
export interface Network {
  /** Blocks the thread while onnxruntime computes, so it belongs into the pool. */
  run(inputs: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
  /** Frees onnxruntime's memory; the network cannot be used afterwards. */
  release(): Promise<void>;
}

/** Bytes that onnxruntime reads as long as the session lives, and that it does not tell V8 of. */
const held = new Map<InferenceSession, Uint8Array>();

/** Has weights of onnxruntime's own format used where they are, and not copied twice: 70 MB less while Moonshine is opened. */
const IN_PLACE: InferenceSession.SessionOptions = {
  ...ONE_THREAD_SESSION,
  extra: {
    session: {
      ...(ONE_THREAD_SESSION.extra?.['session'] as object),
      use_ort_model_bytes_directly: '1',
      use_ort_model_bytes_for_initializers: '1',
    },
  },
};

/**
 * Opens a graph and checks the names of its inputs and outputs.
 *
 * @param label names the graph in messages
 * @param inPlace for large graphs in onnxruntime's own format (`.ort`)
 * @throws ModelInvalid when onnxruntime cannot load it, or it lacks one of the names; DependencyUnavailable for want of memory
 */
export async function openNetwork(
  bytes: Uint8Array,
  label: string,
  expected: { inputs: readonly string[]; outputs: readonly string[] },
  { inPlace = false } = {},
): Promise<Network> {
  const options = inPlace ? IN_PLACE : ONE_THREAD_SESSION;
  const session = await InferenceSession.create(bytes, options).catch((cause: unknown) => {
    // No fault of the model: later, or elsewhere, there is memory.
    if (String(cause).includes('bad_alloc'))
      throw new DependencyUnavailable(`there is no memory for ${label}`, { cause });
    throw new ModelInvalid(`${label} cannot be loaded by onnxruntime`, { cause });
  });
  if (inPlace) held.set(session, bytes);
  for (const [kind, names, wanted] of [
    ['input', session.inputNames, expected.inputs],
    ['output', session.outputNames, expected.outputs],
  ] as const) {
    const missing = wanted.filter((name) => !names.includes(name));
    if (missing.length > 0)
      throw new ModelInvalid(
        `${label} has no ${kind} ${missing.join(', ')}, only ${names.slice(0, 10).join(', ')}`,
      );
  }
  return {
    run: (inputs) => session.run(inputs),
    async release() {
      await session.release();
      held.delete(session);
    },
  };
}

/** An output's numbers. @throws ModelInvalid when there is none of that name, or it is no float32 of that length */
export function floatsOf(
  outputs: Readonly<Record<string, Tensor>>,
  name: string,
  length: number,
): Float32Array {
  const data = outputs[name]?.data;
  if (data instanceof Float32Array && data.length === length) return data;
  const got = data === undefined ? 'nothing' : `${data.length} values of ${outputs[name]!.type}`;
  throw new ModelInvalid(`network output ${name} is ${got}, expected ${length} values of float32`);
}
