import { constants } from 'node:fs';
import { access, mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import pLimit from 'p-limit';
import { lock } from 'proper-lockfile';
import { DependencyUnavailable } from '../../../../platform/errors.js';
import { intentOf, recoverAppend, removeIntent, writeIntent } from './append-intent.js';
import type { CsvDestination } from './csv-destination.js';
import { CSV_HEADER, csvLines, newDeliveries } from './csv-text.js';
import { RecentMap } from '../../../../platform/recent-map.js';

/** A lock whose holder has not touched it for so long belongs to a process that died; holding it takes milliseconds. */
const LOCK_STALE_MS = 10_000;
const LOCK_UPDATE_MS = 2_000;
/** Tries of about 0.1 s each: long enough to outlive a dead holder's lock, with as much again for the queue behind it. */
const LOCK_RETRIES = { retries: 300, factor: 1, minTimeout: 50, maxTimeout: 150, randomize: true };
/** Retries come within minutes; so many deliveries are hours of one process's work, in some 10 MB. */
const REMEMBERED_DELIVERIES = 50_000;
const LINE_FEED = 0x0a;

/**
 * One CSV file that several processes append to.
 *
 * Each batch is one append under a lock file, announced on disk beforehand ({@link recoverAppend}): a process that is
 * killed in between leaves a torn tail that the next append takes back, and a full disk is taken back at once. The
 * header is written with the first rows, under the same lock.
 *
 * The rows of a delivery are written once: this process remembers what it wrote by `(message_id, receive_count)`, and
 * no other process ever holds the same delivery.
 */
export function createLocalCsv(csvPath: string): CsvDestination {
  const path = resolve(csvPath);
  const written = new RecentMap<true>(REMEMBERED_DELIVERIES);
  // The lock file is between processes; within this one, batches queue here.
  const inTurn = pLimit(1);

  const append = async (rows: Parameters<CsvDestination['append']>[1]) => {
    const fresh = newDeliveries(rows, written);
    if (fresh.size > 0) {
      await withLock(path, (assertHeld) => appendText(path, csvLines([...fresh.values()]), assertHeld));
      for (const key of fresh.keys()) written.set(key, true);
    }
    return { written: fresh.size, repeated: rows.length - fresh.size };
  };

  return {
    location: path,
    append: (_batchId, rows) => inTurn(() => onFile(path, () => append(rows))),
    ping: () =>
      onFile(path, async () => {
        await mkdir(dirname(path), { recursive: true });
        await access(dirname(path), constants.W_OK);
        await access(path, constants.W_OK).catch((error: unknown) => {
          if (codeOf(error) !== 'ENOENT') throw error;
        });
      }),
  };
}

async function withLock(path: string, run: (assertHeld: () => void) => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  let lost: Error | undefined;
  const release = await lock(path, {
    // The file itself may not exist yet.
    realpath: false,
    stale: LOCK_STALE_MS,
    update: LOCK_UPDATE_MS,
    retries: LOCK_RETRIES,
    onCompromised: (error) => {
      lost = error;
    },
  });
  try {
    await run(() => {
      if (lost !== undefined) throw new DependencyUnavailable(`Lost the lock of ${path}`, { cause: lost });
    });
  } finally {
    // A lock that was lost is somebody else's to release.
    await release().catch(() => undefined);
  }
}

async function appendText(path: string, lines: string, assertHeld: () => void): Promise<void> {
  await recoverAppend(path);
  // It names children: a new file is its owner's alone. One that is there keeps the mode that somebody chose for it.
  const file = await open(path, 'a+', 0o600);
  try {
    const { size, ino } = await file.stat();
    const start = size === 0 ? CSV_HEADER : (await endsWithLineFeed(file, size)) ? '' : '\n';
    const bytes = Buffer.from(start + lines, 'utf8');
    await writeIntent(path, intentOf(ino, size, bytes));
    assertHeld();
    try {
      await file.appendFile(bytes);
      await file.datasync();
    } catch (error) {
      await file.truncate(size);
      await removeIntent(path);
      throw error;
    }
    assertHeld();
    await removeIntent(path);
  } finally {
    await file.close();
  }
}

async function endsWithLineFeed(file: FileHandle, size: number): Promise<boolean> {
  const last = Buffer.alloc(1);
  await file.read(last, 0, 1, size - 1);
  return last[0] === LINE_FEED;
}

async function onFile<T>(path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    throw new DependencyUnavailable(`The CSV file ${path} cannot be written: ${code}`, { cause: error });
  }
}

function codeOf(error: unknown): string | undefined {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}
