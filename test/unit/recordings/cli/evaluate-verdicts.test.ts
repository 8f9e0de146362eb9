import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScoreReader, StoredScore } from '../../../../src/pipelines/recordings/results/score-reader.js';
import { cli } from '../../shared/cli/fake-context.js';

const folder = mkdtempSync(join(tmpdir(), 'vachan-verdicts-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('vachan evaluate with verdicts', () => {
  const id = (index: number): string => index.toString(16).padStart(64, '0');
  const stored = (index: number, score: number, modelVersion = '1'): StoredScore & { reasons: [] } => ({
    ...{ id: id(index), score, flagged: score > 1, threshold: 1, reasons: [] },
    ...{ modelName: 'reading-audio', modelVersion },
  });
  const results = [stored(0, 3), stored(1, 2), stored(2, 0.9), stored(3, 0.5), stored(4, 5, '0')];

  function reader({ flagged = 2 } = {}) {
    const asked: unknown[] = [];
    const answers: ScoreReader = {
      ofIds: (of, ids) => {
        asked.push(of);
        return Promise.resolve(results.filter((result) => ids.includes(result.id)));
      },
      models: () =>
        Promise.resolve([
          { name: 'reading-audio', version: '1', threshold: 1, flagged, passed: 98 },
          { name: 'reading-audio', version: '0', threshold: 1, flagged: 1, passed: 0 },
        ]),
      scores: () => {
        throw new Error('not asked for');
      },
      close: () => Promise.resolve(),
    };
    return { asked, openScoreReader: () => Promise.resolve(answers) };
  }
  const environment = { MONGO_URI: 'mongodb://nowhere' };
  const verdicts = (sample: string[]): string =>
    write(
      'verdicts.csv',
      `result_document_id,verdict,sample\n${[
        'anomalous',
        'normal',
        'normal',
        'anomalous',
        'anomalous',
        'unsure',
        'normal',
      ]
        .map((verdict, index) => `${id(index)},${verdict},${sample[index] ?? ''}`)
        .join('\n')}\n`,
    );

  test("joins them with the date's results, and says what was left out and what it rests on", async () => {
    const { asked, openScoreReader } = reader();
    const path = verdicts(['top', 'top', 'random', 'random', 'top']);
    const args = ['evaluate', '--test-date', '2025-12-20', '--verdicts', path];
    const { code, json } = await cli([...args, '--json'], { openScoreReader, environment });
    // One verdict is about no result of this date.
    expect(code).toBe(1);
    expect(asked).toEqual([{ testDate: '2025-12-20', sourceCollection: 'student_assessment_record' }]);
    const [answer] = json();
    expect(answer).toMatchObject({
      model: { name: 'reading-audio', version: '1', threshold: 1 },
      left_out: { unsure: 1, open: 0, not_found: 1, other_model: 1 },
      recall: { found: 1, of: 2 },
      false_alarms: { found: 1, of: 2 },
      // All flagged ones were reviewed: one false alarm; of 98 others half are missed.
      whole_date: { false_alarms: { value: 1 / 50 }, recall: { value: 1 / 50 } },
    });
    expect(answer!['wished']).toMatchObject({ threshold: null, normals: 0 });
    expect(JSON.stringify(answer!['rests_on'])).toMatch(/of the 4 reviewed results.*No threshold is derived/);

    const shown = await cli(args, { openScoreReader, environment });
    expect(shown.out.join('\n')).toContain(
      'it takes 49 normal recordings drawn at random at least, and there are 0 of 2.',
    );
    expect(shown.out.join('\n')).toMatch(/^False alarms, whole date +2\.0 % \(95 %/m);
    expect(shown.err.join('\n')).toContain(
      'Left out: 1 unsure, 1 without a result on this date, 1 scored by another model or at another threshold.',
    );
  });

  test('says what it takes for granted where the file does not say how results were chosen', async () => {
    const { code, err } = await cli(['evaluate', '--test-date', '2025-12-20', '--verdicts', verdicts([])], {
      openScoreReader: reader().openScoreReader,
      environment,
    });
    expect(code).toBe(1);
    expect(err.join('\n')).toContain('hold only if they were drawn at random');
  });

  test('lets what was drawn at random stand for its side of the threshold, and derives a threshold from it', async () => {
    // Of both sides something was drawn; what was chosen for its high score stands for nothing else.
    const path = verdicts(['random', 'top', 'random', 'top']);
    const { json } = await cli(['evaluate', '--test-date', '2025-12-20', '--verdicts', path, '--false-alarms', '50%', '--json'], { openScoreReader: reader({ flagged: 3 }).openScoreReader, environment }); // prettier-ignore
    expect(json()[0]).toMatchObject({
      whole_date: { false_alarms: { value: 0 }, recall: { value: 1 } },
      wished: { threshold: 0.9, normals: 1 },
    });
  });

  test('says so where those drawn cannot all have been drawn from the whole date', async () => {
    // 150 that the model took for normal and 150 of all, where a fifth of the date is flagged: 30 of 300, and not some 60.
    const many = Array.from({ length: 300 }, (_, index) => stored(index, index < 30 ? 2 : 0.5));
    const date = many.concat(Array.from({ length: 700 }, (_, index) => stored(300 + index, index < 170 ? 2 : 0.5)));
    const told = async (of: typeof many): Promise<string> => {
      const path = write('pools.csv', `result_document_id,verdict,sample\n${of.map((result) => `${result.id},normal,random`).join('\n')}\n`);
      const answers: ScoreReader = {
        ofIds: () => Promise.resolve(of),
        models: () => Promise.resolve([{ name: 'reading-audio', version: '1', threshold: 1, flagged: 200, passed: 800 }]),
        scores: () => {
          throw new Error('not asked for');
        },
        close: () => Promise.resolve(),
      };
      const { json } = await cli(['evaluate', '--test-date', '2025-12-20', '--verdicts', path, '--json'], { openScoreReader: () => Promise.resolve(answers), environment });
      return JSON.stringify(json()[0]!['rests_on']);
    };
    expect(await told(many)).toContain("drawn at random 30 were flagged, of the date's 1,000 200: more than chance explains");
    expect(await told(date)).not.toContain('more than chance');
    expect(await told(date)).toContain('All 1,000 results of the date were reviewed.');
    expect(await told(date.slice(280, 330))).toContain('more than chance');
    expect(await told(date.slice(0, 32))).toContain('more than chance');
    expect(await told(date.filter((_, index) => index % 7 === 0))).not.toContain('more than chance');
  }); // prettier-ignore

  test('is misused when no verdict is about a result of the date', async () => {
    const path = write('foreign.csv', `result_document_id,verdict\n${id(77)},normal\n`);
    const { code, err } = await cli(['evaluate', '--test-date', '2025-12-20', '--verdicts', path], {
      openScoreReader: reader().openScoreReader,
      environment,
    });
    expect({ code, err }).toEqual({
      code: 2,
      err: ['vachan: None of 1 verdict is about a result of 2025-12-20 in student_assessment_record.'],
    });
  });
});
