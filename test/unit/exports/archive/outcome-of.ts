import { bytesAccess } from '../../../../src/pipelines/exports/archive/bytes-access.js';
import { inspectArchive } from '../../../../src/pipelines/exports/archive/inspect-archive.js';
import { buildZip } from './build-zip.js';

const TEXT = 'some text that deflates, that deflates, that deflates';

/** An entry that nothing is wrong with. */
export const FILE = { name: 'b/b.bin', content: TEXT };

/** An archive to put into others. */
export const NESTED = buildZip([{ name: 'inner.txt', content: TEXT }]);

/** Bytes that mean nothing. */
export function noise(bytes: number): Buffer {
  return Buffer.alloc(bytes, 'noise');
}

/** What is made, and the file's reason, or for each entry its name, with its reason behind a colon. */
export type Variation = [what: string, archive: Buffer, outcome: string | string[]];

/** What the reader says of an archive, in the form of a `Variation`. */
export async function outcomeOf(archive: Buffer): Promise<string | string[]> {
  const { reason, entries } = await inspectArchive(bytesAccess(archive));
  return reason ?? entries.map(({ name, refusal }) => (refusal ? `${name}: ${refusal.reason}` : name));
}
