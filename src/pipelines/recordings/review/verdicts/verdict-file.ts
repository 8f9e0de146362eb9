import { constants } from 'node:fs';
import { access, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import pLimit from 'p-limit';
import { DependencyUnavailable, InvalidInput } from '../../../../platform/errors.js';
import { codeOf, whyOf } from '../../../../platform/files/file-errors.js';
import { NotWritten, replaceFile } from '../../../../platform/files/replace-whole.js';
import { holdLock } from './file-lock.js';
import { unopened } from './unopened.js';
import { readVerdictCsv, verdictCsv, type VerdictRow } from './verdict-csv.js';

/** Its owner's only: verdicts about children. One that is there keeps the mode that somebody chose for it. */
const NEW_FILE_MODE = 0o600;

/** A reviewer's CSV, held by one review at a time. */
export interface VerdictFile {
  /** Where it lies, absolute. */
  readonly path: string;
  /** By result document id; what is on disk. */
  readonly verdicts: ReadonlyMap<string, VerdictRow>;
  /** Whether its last line broke off and was left out. */
  readonly torn: boolean;
  /**
   * Puts a verdict on disk, in the place of an earlier one of the same recording. When it returns the verdict outlives a crash of the
   * machine; when it throws, the file is as it was.
   *
   * @throws DependencyUnavailable when the disk does not take it, or somebody else changed the file
   */
  save(row: VerdictRow): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a reviewer's CSV, or begins one with its first verdict.
 *
 * The file is written whole with each verdict: a hundred rows are a few kilobytes.
 *
 * @throws InvalidInput when another review has it, it cannot be read, or it holds something else
 */
export async function openVerdictFile(given: string): Promise<VerdictFile> {
  const path = await realPathOf(resolve(given));
  const held = await holdLock(path);
  try {
    const { text, mode } = await readExisting(path);
    const { rows, torn } = readVerdictCsv(text, path);
    let verdicts = new Map(rows.map((row) => [row.result_document_id, row]));
    let seen = await fingerprint(path);
    // One after the other, however fast somebody types.
    const inTurn = pLimit(1);
    const save = async (row: VerdictRow): Promise<void> => {
      await held.assert();
      const found = await fingerprint(path);
      // One that was taken away is written anew, with all that it had.
      if (found !== undefined && found !== seen) {
        throw new DependencyUnavailable(
          `${path} was changed by something else since it was read, and is left as it is; end this review and start it again.`,
        );
      }
      const next = new Map(verdicts).set(row.result_document_id, row);
      // Nobody else writes there while we have the lock; what a killed review left there goes.
      await replaceFile(path, verdictCsv(next.values()), mode, `${path}.tmp`);
      [verdicts, seen] = [next, await fingerprint(path)];
    };
    return {
      path,
      torn,
      get verdicts() {
        return verdicts;
      },
      save: (row) => inTurn(() => onDisk(path, () => save(row))),
      close: () => inTurn(() => held.release()),
    };
  } catch (error) {
    await held.release();
    throw error;
  }
}

/** A link stays one: what it leads to is replaced. */
async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw unopened(path, error);
  }
  try {
    await access(dirname(path), constants.W_OK);
    return path;
  } catch (cause) {
    throw new InvalidInput(`${path} cannot be written: ${whyOf(cause, path)}.`, { cause });
  }
}

async function readExisting(path: string): Promise<{ text: string; mode: number }> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new InvalidInput(`${path} is no regular file; name another one with --out.`);
    await access(path, constants.R_OK | constants.W_OK);
    return { text: await readFile(path, 'utf8'), mode: found.mode & 0o777 };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { text: '', mode: NEW_FILE_MODE };
    throw unopened(path, error);
  }
}

/** Tells one state of a file from another; undefined where there is none. */
async function fingerprint(path: string): Promise<string | undefined> {
  try {
    const { ino, size, mtimeNs } = await stat(path, { bigint: true });
    return `${ino} ${size} ${mtimeNs}`;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function onDisk<T>(path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    throw new NotWritten(path, whyOf(error, path), { cause: error });
  }
}
