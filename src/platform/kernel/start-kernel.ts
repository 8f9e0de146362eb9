/** WebAssembly's unit of memory. */
const PAGE_BYTES = 65_536;
/** Of a vector, and of the cache lines that vectors should not straddle. */
const ALIGNMENT = 64;

/** The kernel's memory: an area is either kept or belongs to one task and is given up with it. */
export interface KernelMemory {
  /** Copies a table to where it stays; returns its address. */
  keep(table: Float32Array | Float64Array | Int32Array): number;
  /** Room that stays. */
  keepBytes(bytes: number): number;
  /** Gives up every area that was reserved. */
  release(): void;
  /** Room until the next `release`. Views taken before are void afterwards, since the memory may have moved. */
  reserve(bytes: number): number;
  /** All of it, for a program that is not JavaScript; void like a view. */
  whole(): ArrayBuffer;
  floats(address: number, count: number): Float32Array;
  doubles(address: number, count: number): Float64Array;
  integers(address: number, count: number): Int32Array;
  bytes(address: number, count: number): Uint8Array;
}

/**
 * Starts a kernel with a memory of its own, which never shrinks.
 *
 * @returns what the kernel exports, as its own interface describes it, and its memory
 */
export function startKernel(wasmBase64: string): { kernel: unknown; memory: KernelMemory } {
  const wasmMemory = new WebAssembly.Memory({ initial: 1 });
  const module = new WebAssembly.Module(Buffer.from(wasmBase64, 'base64'));
  const instance = new WebAssembly.Instance(module, { env: { memory: wasmMemory } });
  let end = ALIGNMENT;
  let keptEnd = end;

  function take(bytes: number): number {
    const address = end;
    end += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    const missing = end - wasmMemory.buffer.byteLength;
    if (missing > 0) wasmMemory.grow(Math.ceil(missing / PAGE_BYTES));
    return address;
  }
  function keepBytes(bytes: number): number {
    const address = take(bytes);
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
    release: () => (end = keptEnd),
    reserve: take,
    whole: () => wasmMemory.buffer,
    floats: (address, count) => new Float32Array(wasmMemory.buffer, address, count),
    doubles: (address, count) => new Float64Array(wasmMemory.buffer, address, count),
    integers: (address, count) => new Int32Array(wasmMemory.buffer, address, count),
    bytes: (address, count) => new Uint8Array(wasmMemory.buffer, address, count),
  };
  return { kernel: instance.exports, memory };
}
