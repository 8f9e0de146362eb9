import { crc32 } from 'node:zlib';
import type { FileReason, EntryReason, JobReason } from '#vachan/pipelines/exports/contract/reasons.js';
import type { JobState } from '#vachan/pipelines/exports/contract/result.js';
import type { JobRef } from '#vachan/pipelines/exports/contract/job-ref.js';
import type { ServedExport } from '../export-api/catalogue.js';
import { contentOfBuffer, wholeOf, type Content } from '../export-api/content.js';
import type { FaultRule } from '../export-api/faults.js';
import { zipContent, type ZipEntry, type ZipFaults } from '../export-api/zip/zip-content.js';

/** An entry, and what must become of it. */
export interface SeededEntry extends ZipEntry {
  name: string;
  /** `placed`: it is an object; `rival`: of all entries with its key, those with one content are; else why it is refused. */
  expected: 'placed' | 'rival' | readonly EntryReason[];
  /** What the table says of its size; `null`: it has no row. Default: the truth. */
  metadataSize?: number | null;
  /** Where its row wants it, below the output prefix. Default: in the job's folder, by its name. */
  targetKey?: string;
}

export interface SeededFile {
  id: string;
  name: string;
  content: Content;
  /** Of a file that fails as a whole, no entry is looked at. */
  expected: 'settled' | readonly FileReason[];
  entries: readonly SeededEntry[];
  /** Default: ranges. */
  ranges?: 'none';
  /** What the API serves instead, until it is put right; the size that it lists is the right one. */
  servedAtFirst?: Content;
}

/** A job, what the API does meanwhile, and how it must end. */
export interface SeededJob {
  kind: string;
  ref: JobRef;
  files: readonly SeededFile[];
  /** Of its export, beside the files; undefined: the API does not know it. */
  api: Partial<ServedExport> | undefined;
  faults: readonly Omit<FaultRule, 'exportId'>[];
  /** Rows of the table that no archive has an entry for. */
  missing: readonly string[];
  state: JobState;
  /** It may end so as well, where that is decided by who comes first. */
  orState?: JobState;
  reason?: JobReason;
  attempt: number;
  /** Its message comes twice. */
  isSentTwice?: boolean;
  /** Its message comes when others are under way. */
  isLate?: boolean;
  /** It is cancelled, in the one or the other way, once so many bytes of it were served. */
  cancel?: { afterBytes: number; by: 'signal' | 'cancellation' };
  /** Its one task is received too often, and never settled. */
  dies?: boolean;
  /** After so many pages the API forgets its cursors, and lists its files in another order. */
  relistsAfterPages?: number;
}

/** Text that compresses about as much as text does, different for each name. */
export function textOf(name: string, bytes: number): Buffer {
  const lines: string[] = [];
  for (let length = 0, line = 0; length < bytes; line += 1) {
    lines.push(`${name} ${line} ${((line * 2_654_435_761) >>> 0).toString(36)}\n`);
    length += lines.at(-1)!.length;
  }
  return Buffer.from(lines.join('')).subarray(0, bytes);
}

/** Letters in no order, different for each name: as many bytes again and again, which deflate to half. */
export function noiseOf(name: string, bytes: number): Buffer {
  const words = new Uint32Array(Math.ceil(bytes / 4));
  // George Marsaglia's xorshift, from the name.
  let state = crc32(name) | 1;
  for (let index = 0; index < words.length; index += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[index] = (state & 0x0f0f0f0f) | 0x40404040;
  }
  return Buffer.from(words.buffer, 0, bytes);
}

export function entry(name: string, bytes: number, more: Partial<SeededEntry> = {}): SeededEntry {
  return { name, data: textOf(name, bytes), expected: 'placed', ...more };
}

/** An archive in memory, but for what is repeated. */
export function file(id: string, entries: readonly SeededEntry[], faults?: ZipFaults): SeededFile {
  const content = zipContent(entries, faults);
  return {
    ...{ id, name: `${id}.zip`, entries, expected: 'settled' },
    content: faults === undefined ? content : contentOfBuffer(wholeOf(content)),
  };
}

export function job(
  kind: string,
  exportId: string,
  files: readonly SeededFile[],
  more: Partial<Omit<SeededJob, 'kind' | 'files'>> = {},
): SeededJob {
  return {
    ...{ kind, files, ref: { source: 'default', export_id: exportId } },
    ...{ api: {}, faults: [], missing: [], state: 'succeeded', attempt: 1 },
    ...more,
  };
}

/** The size that its archive states of an entry. */
export function sizeOf({ data = Buffer.alloc(0), lies }: SeededEntry): number {
  return lies?.size ?? (Buffer.isBuffer(data) ? data.length : data.block.length * data.times);
}
