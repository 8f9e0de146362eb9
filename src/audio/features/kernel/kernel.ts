import { KERNEL_WASM_BASE64 } from './kernel-binary.js';

/** What features.as exports; addresses are byte offsets into the memory. Its source says what lies where. */
export interface Kernel {
  powerSpectra(
    samples: number,
    window: number,
    factors: number,
    turns: number,
    work: number,
    power: number,
  ): void;
  spectralShapes(
    power: number,
    frequencies: number,
    cumulative: number,
    magnitudes: number,
    shapes: number,
  ): void;
  melPowers(power: number, filters: number, weights: number, bands: number): void;
  contrastExtremes(
    magnitudes: number,
    bands: number,
    count: number,
    lists: number,
    peaks: number,
    valleys: number,
  ): void;
  toDecibels(values: number, count: number): void;
  largest(values: number, count: number): number;
  cepstra(
    bands: number,
    groups: number,
    lowest: number,
    basis: number,
    folded: number,
    coefficients: number,
    rowBytes: number,
  ): void;
  hopLevels(samples: number, hops: number, energies: number, crossings: number): number;
}

/** Frames that the kernel takes at once, one a lane. */
export const FRAMES_PER_GROUP = 4;

/** WebAssembly's unit of memory. */
const PAGE_BYTES = 65_536;
/** Of a vector, and of the cache lines that vectors should not straddle. */
const ALIGNMENT = 64;

/** The kernel's memory: an area is either kept for ever or belongs to one clip and is given up with the next. */
export interface KernelMemory {
  /** Copies a table to where it stays; returns its address. */
  keep(table: Float32Array | Float64Array | Int32Array): number;
  /** Room that stays. */
  keepBytes(bytes: number): number;
  /** Gives up every area of the last clip. */
  startClip(): void;
  /** Room until the next `startClip`. Views taken before are void afterwards, since the memory may have moved. */
  clipBytes(bytes: number): number;
  floats(address: number, count: number): Float32Array;
  doubles(address: number, count: number): Float64Array;
  integers(address: number, count: number): Int32Array;
}

/** Starts a kernel with a memory of its own. It keeps the memory that its longest clip needed: 2 MB a minute. */
export function createKernel(): { kernel: Kernel; memory: KernelMemory } {
  const wasmMemory = new WebAssembly.Memory({ initial: 1 });
  const module = new WebAssembly.Module(Buffer.from(KERNEL_WASM_BASE64, 'base64'));
  const instance = new WebAssembly.Instance(module, { env: { memory: wasmMemory } });
  let end = ALIGNMENT;
  let keptEnd = end;

  function reserve(bytes: number): number {
    const address = end;
    end += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    const missing = end - wasmMemory.buffer.byteLength;
    if (missing > 0) wasmMemory.grow(Math.ceil(missing / PAGE_BYTES));
    return address;
  }
  function keepBytes(bytes: number): number {
    const address = reserve(bytes);
    keptEnd = end;
    return address;
  }
  const memory: KernelMemory = {
    keepBytes,
    keep(table) {
      const address = keepBytes(table.byteLength);
      const bytes = new Uint8Array(table.buffer, table.byteOffset, table.byteLength);
      new Uint8Array(wasmMemory.buffer).set(bytes, address);
      return address;
    },
    startClip: () => (end = keptEnd),
    clipBytes: reserve,
    floats: (address, count) => new Float32Array(wasmMemory.buffer, address, count),
    doubles: (address, count) => new Float64Array(wasmMemory.buffer, address, count),
    integers: (address, count) => new Int32Array(wasmMemory.buffer, address, count),
  };
  return { kernel: instance.exports as unknown as Kernel, memory };
}
