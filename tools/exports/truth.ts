import { crc32 } from 'node:zlib';
import { encodeExportId } from '#vachan/pipelines/exports/contract/job-ref.js';
import { hexadecimal, type FoundObject } from './read-world.js';
import { sizeOf, type SeededEntry, type SeededFile, type SeededJob } from './seeded-job.js';

/** An entry where it was served. */
export interface PlacedEntry {
  job: SeededJob;
  file: SeededFile;
  entry: SeededEntry;
  /** Below the output prefix. */
  key: string;
}

const checksums = new WeakMap<SeededEntry, string>();

/** The object that an entry becomes where its archive tells the truth. */
export function truthOf(entry: SeededEntry): FoundObject {
  let checksum = checksums.get(entry);
  if (checksum === undefined) {
    const { data = Buffer.alloc(0) } = entry;
    const { block, times } = Buffer.isBuffer(data) ? { block: data, times: 1 } : data;
    let value = 0;
    for (let round = 0; round < times; round += 1) value = crc32(block, value);
    checksum = hexadecimal(value);
    checksums.set(entry, checksum);
  }
  return { size: sizeOf(entry), crc32: checksum };
}

/** Each file once: a listing may name one twice. */
export function filesOf({ files }: SeededJob): SeededFile[] {
  return [...new Map(files.map((file) => [file.id, file])).values()];
}

export function keyOf({ ref }: SeededJob, { name, targetKey }: SeededEntry): string {
  return `${ref.source}/${encodeExportId(ref.export_id)}/${targetKey ?? name}`;
}

/** Entries that may become objects, by their keys. */
export function entriesByKey(jobs: readonly SeededJob[]): Map<string, PlacedEntry[]> {
  const found = new Map<string, PlacedEntry[]>();
  for (const job of jobs)
    for (const file of filesOf(job))
      for (const entry of file.entries) {
        if (entry.expected !== 'placed' && entry.expected !== 'rival') continue;
        const key = keyOf(job, entry);
        const rivals = found.get(key);
        if (rivals === undefined) found.set(key, [{ job, file, entry, key }]);
        else rivals.push({ job, file, entry, key });
      }
  return found;
}
