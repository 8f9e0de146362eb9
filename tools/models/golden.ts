import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Picture } from '#vachan/pipelines/interviews/models/picture/picture.js';

/** What the original runtime answered for one input of a network; scripts/models/golden.py writes it. */
export interface NetworkGolden {
  /** Bytes, laid over the range from `low` to `high`. */
  input: { name: string; shape: number[]; low: number; high: number; bytes: string };
  /** Of each output every so-manieth row of `width` values. */
  outputs: Record<string, { every: number; width: number; values: string }>;
}

export interface PackedPicture {
  width: number;
  height: number;
  rgb: string;
}

/** A model's `golden.json`. */
export interface Golden {
  /** The original runtime and its version. */
  recorded_with: string;
  network: NetworkGolden;
}

export function readGolden(folder: string): unknown {
  return JSON.parse(readFileSync(join(folder, 'golden.json'), 'utf8'));
}

/** Gzipped bytes in base64. */
export function unpackBytes(packed: string): Uint8Array {
  return new Uint8Array(gunzipSync(Buffer.from(packed, 'base64')));
}

/** Gzipped float32, little-endian, in base64. */
export function unpackFloats(packed: string): Float32Array {
  return new Float32Array(unpackBytes(packed).buffer);
}

export function unpackPicture({ width, height, rgb }: PackedPicture): Picture {
  return { width, height, rgb: unpackBytes(rgb) };
}
