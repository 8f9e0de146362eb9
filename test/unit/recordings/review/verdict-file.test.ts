import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readVerdicts } from '../../../../src/pipelines/recordings/evaluation/labels/verdicts-csv.js';
import { verdictCsv } from '../../../../src/pipelines/recordings/review/verdicts/verdict-csv.js';
import {
  openVerdictFile,
  type VerdictFile,
} from '../../../../src/pipelines/recordings/review/verdicts/verdict-file.js';
import { aVerdict, idOf } from './factories.js';

let folder: string;
let path: string;
const opened: VerdictFile[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vachan-verdicts-'));
  path = join(folder, 'review.csv');
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((file) => file.close()));
  rmSync(folder, { recursive: true, force: true });
});

async function open(at = path): Promise<VerdictFile> {
  const file = await openVerdictFile(at);
  opened.push(file);
  return file;
}

describe("a reviewer's file", () => {
  test('is made with the first verdict, for its owner alone, and leaves nothing beside it', async () => {
    const file = await open();
    expect(await readdir(folder)).toEqual(['review.csv.lock']);
    await file.save(aVerdict(1));
    expect(readFileSync(path, 'utf8')).toBe(verdictCsv([aVerdict(1)]));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await file.close();
    expect(await readdir(folder)).toEqual(['review.csv']);
  });

  test('is what `vachan evaluate` reads', async () => {
    const file = await open();
    await file.save(aVerdict(1, { verdict: 'anomalous', sample: 'top' }));
    await file.save(aVerdict(2, { verdict: 'unsure' }));
    expect(readVerdicts(path)).toEqual([
      { line: 2, result_document_id: idOf(1), verdict: 'anomalous', sample: 'top', kind: null },
      { line: 3, result_document_id: idOf(2), verdict: 'unsure', sample: 'random', kind: null },
    ]);
  });

  test('goes on with what it holds, and a later verdict takes the place of an earlier one', async () => {
    writeFileSync(path, verdictCsv([aVerdict(1), aVerdict(2)]), { mode: 0o640 });
    const file = await open();
    expect([...file.verdicts.keys()]).toEqual([idOf(1), idOf(2)]);
    const changed = aVerdict(1, { verdict: 'unsure' });
    await file.save(changed);
    expect(readFileSync(path, 'utf8')).toBe(verdictCsv([changed, aVerdict(2)]));
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  test('keeps every verdict of somebody who types faster than the disk', async () => {
    const file = await open();
    const rows = Array.from({ length: 20 }, (_, index) => aVerdict(index));
    await Promise.all(rows.map((row) => file.save(row)));
    expect(readFileSync(path, 'utf8')).toBe(verdictCsv(rows));
  });

  test('that was killed in the middle of a write is as before it', async () => {
    writeFileSync(path, verdictCsv([aVerdict(1)]));
    writeFileSync(`${path}.tmp`, verdictCsv([aVerdict(1), aVerdict(2)]).slice(0, -30));
    const file = await open();
    expect(file.torn).toBe(false);
    expect([...file.verdicts.keys()]).toEqual([idOf(1)]);
    await file.save(aVerdict(3));
    expect(readFileSync(path, 'utf8')).toBe(verdictCsv([aVerdict(1), aVerdict(3)]));
  });

  test('that broke off in its last line is mended with the next verdict', async () => {
    writeFileSync(path, verdictCsv([aVerdict(1), aVerdict(2)]).slice(0, -40));
    const file = await open();
    expect(file.torn).toBe(true);
    await file.save(aVerdict(3));
    expect(readFileSync(path, 'utf8')).toBe(verdictCsv([aVerdict(1), aVerdict(3)]));
  });

  test('is refused to a second review, and free when the first has ended', async () => {
    const first = await open();
    await expect(open()).rejects.toThrow(`${path} is being written by another review: end that one`);
    await first.close();
    await open();
  });

  test('behind a link is one file, whose lock both names meet', async () => {
    const real = join(folder, 'real.csv');
    writeFileSync(real, verdictCsv([aVerdict(1)]));
    symlinkSync(real, path);
    const file = await open();
    await file.save(aVerdict(2));
    expect(readFileSync(real, 'utf8')).toBe(verdictCsv([aVerdict(1), aVerdict(2)]));
    await expect(open(real)).rejects.toThrow('another review');
  });

  test('that somebody else changes meanwhile is left to them', async () => {
    const file = await open();
    await file.save(aVerdict(1));
    writeFileSync(path, verdictCsv([aVerdict(1), aVerdict(7)]));
    await expect(file.save(aVerdict(2))).rejects.toThrow('was changed by something else since it was read');
    expect(readFileSync(path, 'utf8')).toBe(verdictCsv([aVerdict(1), aVerdict(7)]));
    expect(file.verdicts.size).toBe(1);
  });

  test('that cannot be written keeps what it had, says why, and takes the verdict when it can', async () => {
    const inner = join(folder, 'inner');
    mkdirSync(inner);
    const file = await open(join(inner, 'review.csv'));
    await file.save(aVerdict(1));
    rmSync(inner, { recursive: true });
    await expect(file.save(aVerdict(2))).rejects.toThrow('cannot be written: there is no folder');
    expect(file.verdicts.size).toBe(1);
    mkdirSync(inner);
    await file.save(aVerdict(3));
    expect(readFileSync(join(inner, 'review.csv'), 'utf8')).toBe(verdictCsv([aVerdict(1), aVerdict(3)]));
  });

  test('is refused before anybody judges where there is no folder, no file, or another file', async () => {
    await expect(open(join(folder, 'none', 'a.csv'))).rejects.toThrow(
      `there is no folder ${join(folder, 'none')}`,
    );
    await expect(open(folder)).rejects.toThrow(`${folder} is no regular file`);
    writeFileSync(path, 'name,score\nx,1\n');
    await expect(open()).rejects.toThrow(`${path} begins with "name,score"`);
    // The lock of a refused one is let go.
    rmSync(path);
    await open();
  });
});
