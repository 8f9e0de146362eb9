import type { ManifestRow } from '#vachan/pipelines/exports/contract/result.js';
import { noComplaints, type ExportsVerdict } from './complaints.js';
import { judgeRejects } from './judge-rejects.js';
import { judgeResult } from './judge-result.js';
import type { ExportsWorld } from './read-world.js';
import type { SeededEntry, SeededFile, SeededJob } from './seeded-job.js';
import { filesOf, keyOf, truthOf, type PlacedEntry } from './truth.js';

/**
 * What a job says of itself, against what it was.
 *
 * @param winners of a key: the entries whose content lies there
 * @param accounted takes the keys that its manifest tells of
 */
export function judgeJob(
  job: SeededJob,
  world: ExportsWorld,
  winners: (key: string) => readonly PlacedEntry[],
  accounted: Set<string>,
): ExportsVerdict {
  const verdict = noComplaints();
  const found = world.jobOf(job.ref);
  if (found.result === undefined) return { ...verdict, lost: ['it has no result'] };
  const { manifest } = found;
  judgeResult(job, found, verdict);

  const files = filesOf(job);
  const isPlaced = (entry: SeededEntry): boolean =>
    entry.expected === 'placed' ||
    (entry.expected === 'rival' && winners(keyOf(job, entry)).some((winner) => winner.entry === entry));
  for (const row of manifest) {
    accounted.add(below(world, row.key));
    verdict.wrong.push(...rowMistakes(job, files, row, world, isPlaced));
  }
  const rows = new Map(manifest.map((row) => [`${row.file_id} ${row.entry}`, row]));
  if (rows.size !== manifest.length) verdict.doubled.push('an entry stands twice in the manifest');
  verdict.wrong.push(...ordinalMistakes([...manifest, ...found.rejects]));
  for (const { key } of manifest)
    if (!world.objects.has(below(world, key)))
      verdict.lost.push(`the object ${key} of its manifest is not there`);

  // Of a cancelled job there is what was done; that it is whole and told of is all there is to ask.
  if (found.result.state === 'cancelled') return verdict;
  const settled = files.filter(({ expected }) => expected === 'settled');
  for (const { id, entries } of settled)
    for (const entry of entries.filter(isPlaced))
      if (!rows.has(`${id} ${entry.name}`)) verdict.lost.push(`${id} ${entry.name} is not in the manifest`);
  judgeRejects(files, (entry) => entry.expected === 'rival' && !isPlaced(entry), found, verdict);
  judgeMissing(
    job,
    files,
    found.missing.map(({ entry }) => entry),
    verdict,
  );
  return verdict;
}

/** A row of an entry that must not be there, or that says anything else than the truth. */
function rowMistakes(
  job: SeededJob,
  files: readonly SeededFile[],
  row: ManifestRow,
  world: ExportsWorld,
  isPlaced: (entry: SeededEntry) => boolean,
): string[] {
  const what = `${row.file_id} ${row.entry}`;
  const entry = files.find(({ id }) => id === row.file_id)?.entries.find(({ name }) => name === row.entry);
  if (entry === undefined || !isPlaced(entry)) return [`${what} is in the manifest`];
  const truth = truthOf(entry);
  const mistakes: string[] = [];
  const same = (of: string, found: unknown, wanted: unknown): void => {
    if (JSON.stringify(found) !== JSON.stringify(wanted))
      mistakes.push(`${of} ${what} is ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`);
  };
  same('the key of', below(world, row.key), keyOf(job, entry));
  same('what the manifest says of', { size: row.size, crc32: row.crc32 }, truth);
  const object = world.objects.get(below(world, row.key));
  if (object !== undefined) same('the object of', object, truth);
  return mistakes;
}

/** A file has one ordinal, and an ordinal one file. */
function ordinalMistakes(rows: readonly { file_id: string; ordinal: number }[]): string[] {
  const pairs = new Set(rows.map(({ file_id: id, ordinal }) => `${ordinal} ${id}`));
  const files = new Set(rows.map(({ file_id: id }) => id));
  const ordinals = new Set(rows.map(({ ordinal }) => ordinal));
  if (pairs.size === files.size && pairs.size === ordinals.size) return [];
  return [`its ${files.size} files of which something is told have ${ordinals.size} ordinals`];
}

/** Rows of the table without an entry in any archive that was read. */
function judgeMissing(
  job: SeededJob,
  files: readonly SeededFile[],
  told: readonly string[],
  { lost, doubled, wrong }: ExportsVerdict,
): void {
  const named = (some: readonly SeededFile[]): string[] =>
    some.flatMap(({ entries }) => entries).map(({ name }) => name);
  const seen = new Set(named(files.filter(({ expected }) => expected === 'settled')));
  const unread = files.filter(({ expected }) => expected !== 'settled').flatMap(({ entries }) => entries);
  const wanted = new Set(
    [
      ...job.missing,
      ...unread.filter(({ metadataSize }) => metadataSize !== null).map(({ name }) => name),
    ].filter((name) => !seen.has(name)),
  );
  for (const name of wanted) if (!told.includes(name)) lost.push(`the missing row ${name} is not told`);
  for (const name of new Set(told)) if (!wanted.has(name)) wrong.push(`${name} is told as missing`);
  if (new Set(told).size !== told.length) doubled.push('a missing row is told twice');
}

const below = ({ at }: ExportsWorld, key: string): string => key.slice(at.outputPrefix.length + 1);
