import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dlopen } from 'node:process';
import type { ResampleKernel } from '../decode/spectral-resampler.js';
import type { FeatureKernel } from '../features/kernel/feature-kernel.js';

const NAMES = [
  'powerSpectra',
  'spectralShapesTwice',
  'melPowersTwice',
  'toDecibels',
  'cepstra',
  'findPitchesTwice',
  'transform',
] as const satisfies readonly (keyof FeatureKernel | keyof ResampleKernel)[];

type Kernels = Required<FeatureKernel> & ResampleKernel;

/** A kernel's function as the add-on has it: the memory, into which addresses are byte offsets, comes first. */
type OverMemory<F extends (...addresses: never[]) => unknown> = (
  memory: ArrayBuffer,
  ...addresses: Parameters<F>
) => ReturnType<F>;

/**
 * What the add-on exports: functions of the WebAssembly kernels that this processor's wider vectors do faster, with the same result to
 * the last bit. They throw a RangeError when an area is not in the memory.
 */
export type NativeKernels = {
  readonly [Name in Exclude<(typeof NAMES)[number], 'cepstra'>]: OverMemory<Kernels[Name]>;
} & {
  /** As `FeatureKernel`'s, without its work area. @param lowestBits of the float32 */
  readonly cepstra: (
    memory: ArrayBuffer,
    bands: number,
    groups: number,
    lowestBits: number,
    basis: number,
    coefficients: number,
    rowBytes: number,
  ) => void;
};

export interface KernelChoice {
  /** Without it WebAssembly computes everything. */
  native?: NativeKernels;
  /** Why an add-on that was built is not used; none was built, or this processor has no such vectors, is no reason. */
  refused?: string;
}

/** For those who look after a process. */
export interface KernelsInUse {
  /** The add-on computes what it can, or WebAssembly everything. */
  kind: 'native' | 'wasm';
  refused?: string;
}

/** Where `scripts/build-native.mjs` puts the add-on, and beside it the hash of its bytes; also when this runs from sources. */
const BUILT = join(
  __dirname,
  ...['..', '..', '..', '..', '..'],
  ...['dist', 'pipelines', 'recordings', 'audio', 'native', 'kernels.node'],
);

let choice: KernelChoice | undefined;

/** The add-on of this installation, where there is one that works here; looked for once. */
export function nativeKernels(): KernelChoice {
  return (choice ??= openNativeKernels(BUILT));
}

export function kernelsInUse({ native, refused }: KernelChoice = nativeKernels()): KernelsInUse {
  return { kind: native ? 'native' : 'wasm', ...(refused !== undefined && { refused }) };
}

/** @param path of the add-on; `PATH.sha256` must be there too */
export function openNativeKernels(path: string): KernelChoice {
  const hashPath = `${path}.sha256`;
  if (!existsSync(hashPath)) return {};
  try {
    // The loader of a file that was cut reads behind its end, which ends the process.
    const hash = createHash('sha256').update(readFileSync(path)).digest('hex');
    if (hash !== readFileSync(hashPath, 'utf8').trim())
      throw new Error('its bytes are not those that were built');
    const addOn: { exports: Partial<NativeKernels> } = { exports: {} };
    dlopen(addOn, path);
    const missing = NAMES.filter((name) => addOn.exports[name] === undefined);
    // The processor has no such vectors.
    if (missing.length === NAMES.length) return {};
    if (missing.length > 0) throw new Error(`it is of another version and has no ${missing.join(', ')}`);
    return { native: addOn.exports as NativeKernels };
  } catch (error) {
    return { refused: `${path}: ${error instanceof Error ? error.message : String(error)}` };
  }
}
