import { startKernel, type KernelMemory } from '../../../../../platform/kernel/start-kernel.js';
import { KERNEL_WASM_BASE64 } from './kernel-binary.js';

/** What picture.as exports; addresses are byte offsets into the memory. Its source says what lies where. */
interface Exports {
  sampleRegion(
    rgb: number,
    width: number,
    height: number,
    result: number,
    size: number,
    mirrored: boolean,
    black: boolean,
    low: number,
    scale: number,
    cornerX: number,
    cornerY: number,
    acrossX: number,
    acrossY: number,
    downX: number,
    downY: number,
  ): void;
  luma(
    rgb: number,
    width: number,
    columns: number,
    rows: number,
    step: number,
    taken: number,
    scale: number,
    values: number,
  ): void;
  sum(values: number, count: number): number;
  laplacianVariance(values: number, width: number, height: number): number;
  shrink(
    values: number,
    width: number,
    columns: number,
    rows: number,
    across: number,
    down: number,
    means: number,
  ): void;
  project(values: number, count: number, sums: number): void;
}

/** What may be read behind a picture or luma, and FFmpeg's vector code may write behind a picture. */
const PADDING_BYTES = 64;

/** Longest side of pictures that are measured: half a metre away faces are 300 pixels wide then, larger ones show the networks no more. */
export const LONGEST_SIDE = 1280;
/** Of pictures, in bytes. */
export const PICTURE_ROOM = 3 * LONGEST_SIDE ** 2;
/** Pictures as they are given, scaled and turned, and what is made of them. */
const ALL_ROOMS = 3 * PICTURE_ROOM + 4 * 1024 ** 2;

let started: { kernel: Exports; memory: KernelMemory } | undefined;

/** The process's own, for one picture at a time. Its memory is a room for each use, of which what is not written takes none. */
export function pictureKernel(): NonNullable<typeof started> {
  if (started === undefined) {
    const { kernel, memory } = startKernel(KERNEL_WASM_BASE64);
    // Memory that moves takes away what a picture's bytes are a view of.
    memory.reserve(ALL_ROOMS);
    memory.release();
    started = { kernel: kernel as Exports, memory };
  }
  return started;
}

/** A place of the kernel's memory, used again and again. */
export interface KernelRoom {
  /** @returns its address; what was in it is given up */
  reserve(bytes: number): number;
  /** A view of it, void once any room has grown. */
  bytes(length: number): Uint8Array;
  floats(length: number): Float32Array;
  /** Address of values, which are copied into the room unless they are in the kernel's memory anyway. */
  put(values: Uint8Array | Float32Array): number;
}

/** @param size bytes that are enough where a medium is analysed; it grows for more */
export function kernelRoom(size: number): KernelRoom {
  let [address, length] = [0, 0];
  const reserve = (bytes: number): number => {
    if (bytes > length) {
      length = Math.max(bytes, size);
      address = pictureKernel().memory.keepBytes(length + PADDING_BYTES);
    }
    return address;
  };
  return {
    reserve,
    bytes(count) {
      const at = reserve(count);
      return pictureKernel().memory.bytes(at, count);
    },
    floats(count) {
      const at = reserve(count * Float32Array.BYTES_PER_ELEMENT);
      return pictureKernel().memory.floats(at, count);
    },
    put(values) {
      const { memory } = pictureKernel();
      if (values.buffer === memory.bytes(0, 0).buffer) return values.byteOffset;
      const at = reserve(values.byteLength);
      const { buffer, byteOffset, byteLength } = values;
      memory.bytes(at, byteLength).set(new Uint8Array(buffer, byteOffset, byteLength));
      return at;
    },
  };
}

/** For pictures that come from elsewhere. */
export const givenPicture = kernelRoom(PICTURE_ROOM);
