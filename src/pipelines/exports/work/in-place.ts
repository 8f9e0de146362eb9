import pLimit from 'p-limit';
import type { WantedEntry } from './judge-entries.js';
import { entryToUpload, settle, type UploadWork } from './upload-entry.js';

/** A HEAD waits for its answer nearly all of its time. */
const LOOKS_AT_ONCE = 16;

/** Fewer bytes come as soon as the answer to a look, and the uploader looks where it has found something before. */
const BYTES_WORTH_A_LOOK = 64 * 1024;

/**
 * Settles neighbours whose objects an earlier run has uploaded, so that no byte of them is read again. Only the first is
 * looked at where it is not there: a first run has one look for many entries.
 *
 * @returns those that are to be uploaded
 * @throws as the uploader does, once every look has ended
 */
export async function settleThoseInPlace(work: UploadWork, entries: WantedEntry[]): Promise<WantedEntry[]> {
  const [first, ...others] = entries;
  if (first === undefined) return entries;
  const last = others.at(-1) ?? first;
  if (last.entry.end - first.entry.offset < BYTES_WORTH_A_LOOK) return entries;
  if (!(await isInPlace(work, first))) return entries;
  const limit = pLimit(LOOKS_AT_ONCE);
  const looks = others.map((entry) => limit(() => isInPlace(work, entry)));
  // One that fails ends the others, and is heard after them: an entry that is settled later would be settled twice.
  for (const look of looks) look.catch(work.fail);
  await Promise.allSettled(looks);
  const found = await Promise.all(looks);
  return others.filter((_, index) => !found[index]);
}

async function isInPlace(work: UploadWork, wanted: WantedEntry): Promise<boolean> {
  const { job, ordinal, archive, uploader, controls, outcomes, meter } = work;
  const entry = entryToUpload(job, ordinal, archive, wanted, {
    seekable: true,
    content: () => {
      throw new Error('A look at an object needs no content.');
    },
  });
  const outcome = await uploader.inPlace(entry, controls.signal);
  if (outcome === undefined) return false;
  settle(outcomes, wanted, outcome, meter);
  return true;
}
