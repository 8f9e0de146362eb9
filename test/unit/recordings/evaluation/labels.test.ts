import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandMisused } from '../../../../src/commands/command-misused.js';
import { readLabels } from '../../../../src/pipelines/recordings/evaluation/labels/labels-csv.js';
import { readVerdicts } from '../../../../src/pipelines/recordings/evaluation/labels/verdicts-csv.js';

const folder = mkdtempSync(join(tmpdir(), 'vachan-labels-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(text: string | Buffer): string {
  const path = join(folder, 'labels.csv');
  writeFileSync(path, text);
  return path;
}

/** The message of the one error, with the folder left out. */
function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(CommandMisused);
    return (error as Error).message.replaceAll(`${folder}/`, '');
  }
  throw new Error('was read');
}

describe('a CSV of labels', () => {
  test('is read by the names of its columns, with paths from its own folder on', () => {
    const path = file(
      '\uFEFFkind,Label,who,FILE,group\r\ndropouts,Bad,meera,clips/a b.wav,child 7\r\n,ok,,/elsewhere/c.mp3,\r\n\r\n,normal,,"s3://bucket/a,b?c.wav",\r\n',
    );
    expect(readLabels(path)).toEqual([
      {
        line: 2,
        name: 'clips/a b.wav',
        source: { file: join(folder, 'clips/a b.wav') },
        anomalous: true,
        kind: 'dropouts',
        group: 'child 7',
      },
      {
        line: 3,
        name: '/elsewhere/c.mp3',
        source: { file: '/elsewhere/c.mp3' },
        anomalous: false,
        kind: null,
        group: null,
      },
      {
        line: 5,
        name: 's3://bucket/a,b?c.wav',
        source: { address: 's3://bucket/a,b?c.wav' },
        anomalous: false,
        kind: null,
        group: null,
      },
    ]);
  });

  test('keeps the signature of an address for the fetcher, and shows it nowhere', () => {
    const signed = 'https://b.s3.amazonaws.com/a.wav?X-Amz-Signature=s3cr3t';
    const [label] = readLabels(file(`audio,label\n${signed},anomaly\n`));
    expect(label).toMatchObject({
      name: 'https://b.s3.amazonaws.com/a.wav',
      source: { address: signed },
    });
    const twice = refusal(() => readLabels(file(`audio,label\n${signed},bad\n${signed}0,bad\n`)));
    expect(twice).toContain('which line 2 has');
    expect(twice).not.toContain('s3cr3t');
  });

  test.each([
    ['file,label\na.wav,maybe\n', 'labels.csv, line 2: column label is "maybe"; expected normal (or good, ok), or anomalous (or anomaly, abnormal, bad).'],
    ['file,label\na.wav,1\n', 'labels.csv, line 2: column label is "1"; expected normal (or good, ok), or anomalous (or anomaly, abnormal, bad).'],
    ['file,label\n,good\n', 'labels.csv, line 2: column file is empty; expected a path, or an s3:// or https:// address.'],
    ['file,label\na.wav,good\n./a.wav,bad\n', 'labels.csv, line 3: column file is "./a.wav", which line 2 has; expected each recording once.'],
    ['file,label\na.wav\nb.wav,good,x\n', 'labels.csv, line 2: has 1 cell; expected 2, as the header.\nlabels.csv, line 3: has 3 cells; expected 2, as the header.'],
    ['path,label\na.wav,good\n', 'labels.csv, line 1: no column file or audio or audio_s3_url or audio_url in the header, which is "path,label".'],
    ['file;label\na.wav;good\n', 'labels.csv, line 1: no column file or audio or audio_s3_url or audio_url in the header, which is "file;label": it has semicolons between its cells; expected commas.'],
    ['file\tlabel\na.wav\tgood\n', 'labels.csv, line 1: no column file or audio or audio_s3_url or audio_url in the header, which is "file\\u{9}label": it has tabs between its cells; expected commas.'],
    ['file,Label,LABEL\na.wav,good,bad\n', 'labels.csv, line 1: the header has column label 2 times; expected it once.'],
    ['', 'labels.csv is empty; expected a CSV with a header.'],
    ['file,label\n', 'labels.csv has a header and no row.'],
    ['file,label\n"a.wav,good\n', 'labels.csv, line 2: is no CSV (a quotation mark is not closed); expected cells between commas, quoted with " where they hold any.'],
    ['file,label\na".wav,good\n', 'labels.csv, line 2: is no CSV (a quotation mark in the middle of a cell); expected cells between commas, quoted with " where they hold any.'],
    ['file,label\n"a"b.wav,good\n', 'labels.csv, line 2: is no CSV (something follows the quotation mark that closes a cell); expected cells between commas, quoted with " where they hold any.'],
  ])('%j is refused in words that say where and why', (text, message) => {
    expect(refusal(() => readLabels(file(text)))).toBe(message);
  }); // prettier-ignore

  test('names ten bad rows and counts the others', () => {
    const rows = Array.from({ length: 30 }, (_, index) => `${index}.wav,?`).join('\n');
    const lines = refusal(() => readLabels(file(`file,label\n${rows}\n`))).split('\n');
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toBe('… and 20 more lines.');
  });

  test('may have a column twice that nobody reads, and is read by the best name of a column', () => {
    const [label] = readLabels(file('note,note,audio_url,file,label\n1,2,s3://b/a.wav,a.wav,good\n'));
    expect(label).toMatchObject({ name: 'a.wav' });
  });

  test('that is no text, no file or not there is refused', () => {
    expect(refusal(() => readLabels(file(Buffer.from([0x66, 0xff, 0xfe]))))).toBe(
      'labels.csv is not UTF-8 text; expected UTF-8, as spreadsheets save by "CSV UTF-8".',
    );
    for (const bytes of [
      Buffer.from('\uFEFFfile,label\n', 'utf16le'),
      Buffer.from('\uFEFFfile,label\n', 'utf16le').swap16(),
    ]) {
      expect(refusal(() => readLabels(file(bytes)))).toMatch(/^labels\.csv is UTF-16 text; expected UTF-8/);
    }
    expect(refusal(() => readLabels(folder))).toMatch(/cannot be read/);
    expect(refusal(() => readLabels(join(folder, 'none.csv')))).toBe('There is no file none.csv.');
  });
});

describe("a reviewer's CSV", () => {
  const id = 'a'.repeat(64);
  const other = 'b'.repeat(64);

  test('has verdicts, and says where it may how results were chosen', () => {
    const read = readVerdicts(
      file(`result_document_id,verdict,sample\n${id},Anomalous,top\n${other},unsure,\n${'c'.repeat(64)},,random\n`),
    ); // prettier-ignore
    expect(read.map(({ verdict, sample }) => [verdict, sample])).toEqual([
      ['anomalous', 'top'],
      ['unsure', null],
      ['open', 'random'],
    ]);
  });

  test.each([
    ['1234,normal', 'line 2: column result_document_id is "1234"; expected 64 hexadecimal digits.'],
    [`${id},fine`, 'line 2: column verdict is "fine"; expected normal, anomalous or unsure.'],
    [`${id},normal\n${id},anomalous`, `line 3: column result_document_id is ${id}, which line 2 has; expected each once.`],
  ])('%s is refused', (rows, message) => {
    expect(refusal(() => readVerdicts(file(`result_document_id,verdict\n${rows}\n`)))).toBe(`labels.csv, ${message}`);
  }); // prettier-ignore

  test('takes no other way of choosing', () => {
    const text = `result_document_id,verdict,sample\n${id},normal,middle\n`;
    expect(refusal(() => readVerdicts(file(text)))).toMatch(
      /column sample is "middle"; expected top or random/,
    );
  });
});
