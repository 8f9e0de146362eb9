import { performance } from 'node:perf_hooks';
import { Tensor } from 'onnxruntime-node';
import { readModelFiles } from '#vachan/pipelines/interviews/models/model-files.js';
import { openNetwork } from '#vachan/pipelines/interviews/models/network.js';
import { unpackBytes, unpackFloats, type NetworkGolden } from './golden.js';

export interface NetworkAgreement {
  /** Greatest difference over the greatest absolute output, of the outputs the worst. */
  relativeDifference: number;
  /** Milliseconds of one run, the fastest of a few. */
  milliseconds: number;
}

/** Enough for one that nothing interrupts. */
const RUNS = 10;

/** Runs a model's network on its golden input. @throws ModelInvalid when the folder is not as its manifest says */
export async function verifyNetwork(folder: string, golden: NetworkGolden): Promise<NetworkAgreement> {
  const { artefacts } = readModelFiles(folder, ['network']);
  const { name, shape, low, high, bytes } = golden.input;
  const network = await openNetwork(artefacts.network, folder, {
    inputs: [name],
    outputs: Object.keys(golden.outputs),
  });
  const image = Float32Array.from(unpackBytes(bytes), (byte) => low + ((high - low) / 255) * byte);
  const inputs = { [name]: new Tensor('float32', image, shape) };
  let milliseconds = Infinity;
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    await network.run(inputs);
    milliseconds = Math.min(milliseconds, performance.now() - start);
  }
  const outputs = await network.run(inputs);
  const differences = Object.entries(golden.outputs).map(([output, { every, width, values }]) =>
    relativeDifference(unpackFloats(values), everyRow(outputs[output]!.data as Float32Array, width, every)),
  );
  await network.release();
  return { relativeDifference: Math.max(...differences), milliseconds };
}

function everyRow(values: Float32Array, width: number, every: number): Float32Array {
  return values.filter((_, index) => Math.floor(index / width) % every === 0);
}

/** Greatest difference over the greatest absolute expected value; infinite where the lengths differ. */
export function relativeDifference(expected: ArrayLike<number>, actual: ArrayLike<number>): number {
  if (expected.length !== actual.length) return Infinity;
  let difference = 0;
  let size = 0;
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs(expected[i]! - actual[i]!));
    size = Math.max(size, Math.abs(expected[i]!));
    // NaN is never greater.
    if (Number.isNaN(actual[i])) return Infinity;
  }
  return difference / size;
}
