import { loadSettings } from '../../../../src/platform/config/load-settings.js';
import { ConfigurationError, DependencyUnavailable } from '../../../../src/platform/errors.js';
import { ok, problem, warning, type Check, type Finding } from '../../../../src/commands/finding.js';
import { allChecks } from '../../../../src/cli/doctor/all-checks.js';
import { runChecks } from '../../../../src/cli/doctor/run-checks.js';
import { configurationCheck } from '../../../../src/cli/doctor/configuration-check.js';
import { PIPELINES, withSettings } from '../../../../src/pipelines/index.js';
import { modelCheck, shadowModelCheck } from '../../../../src/pipelines/recordings/checks/model-check.js';
import { showFindings } from '../../../../src/cli/doctor/show-findings.js';
import { makeModelFolder, removeModelFolders } from '../../recordings/model/model-folder.js';
import { pick } from '../../../../src/platform/config/settings-table.js';
import { RECORDINGS_SETTINGS } from '../../../../src/pipelines/recordings/settings/index.js';

const check = (name: string, run: Check['run']): Check => ({ name, todo: `fix ${name}`, run });

async function show(checks: Check[], json = false) {
  const out: string[] = [];
  const err: string[] = [];
  const terminal = {
    out: (text: string) => void out.push(text),
    err: (text: string) => void err.push(text),
    live: undefined,
    columns: 100,
  };
  return { code: await showFindings({ terminal }, checks, json), out, err };
}

describe('vachan doctor', () => {
  test('says what to do about each problem, and fails', async () => {
    const checks = [
      check('queue', () =>
        Promise.resolve([ok('queue', 'answers'), warning('letters', 'two wait', 'look at them')]),
      ),
      check('model', () => Promise.resolve([problem('model', 'is gone', 'bring it back')])),
    ];
    expect(await show(checks)).toEqual({
      code: 1,
      out: [
        [
          'ok       queue    answers',
          'warning  letters  two wait',
          '                  → look at them',
          'problem  model    is gone',
          '                  → bring it back',
        ].join('\n'),
      ],
      err: ['\n1 problem, 1 warning.'],
    });
  });

  test('is content with warnings', async () => {
    const { code, out } = await show([check('a', () => Promise.resolve([warning('a', 'b', 'c')]))], true);
    expect(code).toBe(0);
    expect(JSON.parse(out[0] ?? '')).toEqual({
      ok: true,
      findings: [{ check: 'a', status: 'warning', detail: 'b', todo: 'c' }],
    });
  });

  test('takes a thrown failure for a problem, and missing settings for something to be put right first', async () => {
    const findings = await runChecks([
      check('database', () => Promise.reject(new DependencyUnavailable('it does not answer'))),
      check('queue', async () => {
        await Promise.resolve(loadSettings({}, pick(RECORDINGS_SETTINGS, 'SQS_QUEUE_URL')));
        return [];
      }),
      check('source', () => Promise.reject(new ConfigurationError('The DSN asks for less than is demanded'))),
    ]);
    expect(findings).toEqual([
      { check: 'database', status: 'problem', detail: 'it does not answer', todo: 'fix database' },
      { check: 'queue', status: 'unchecked', detail: 'its settings are missing or wrong' },
      {
        ...{ check: 'source', status: 'problem', detail: 'The DSN asks for less than is demanded' },
        todo: 'fix source',
      },
    ]);
  });

  test('tries both models, and the shadow only where there is one', async () => {
    const good = makeModelFolder({ manifest: { name: 'candidate' } });
    const bad = makeModelFolder({ scaler: 'scaler-fixed-batch' });
    const checks = (environment: Record<string, string>): Promise<Finding[]> =>
      runChecks([modelCheck(environment), shadowModelCheck(environment)]);
    expect(await checks({ MODEL_PATH: good })).toMatchObject([{ check: 'Model', status: 'ok' }]);
    expect(await checks({ MODEL_PATH: good, SHADOW_MODEL_PATH: good })).toMatchObject([
      { check: 'Model', status: 'ok' },
      { check: 'Shadow model', status: 'ok', detail: 'candidate 1.0.0, 3 features, threshold 4' },
    ]);
    expect(await checks({ MODEL_PATH: good, SHADOW_MODEL_PATH: bad })).toMatchObject([
      { check: 'Model', status: 'ok' },
      {
        check: 'Shadow model',
        status: 'problem',
        detail: expect.stringContaining('dynamic batch') as string,
      },
    ]);
    removeModelFolders();
  });

  test('lists every wrong setting, secrets masked', async () => {
    const environment = { SQS_QUEUE_URL: 'queue', MONGO_URI: 'http://user:secret@host' };
    const findings = await runChecks([configurationCheck(environment, await withSettings(PIPELINES))]);
    expect(findings.map(({ status }) => status)).toEqual(['problem', 'problem']);
    expect(findings.map(({ detail }) => detail).join('\n')).toMatch(
      /^SQS_QUEUE_URL is "queue"; .*\nMONGO_URI is refused: it does not start/,
    );
    expect(findings.map(({ todo }) => todo)).toEqual([undefined, expect.stringMatching(/^Correct them in/)]);
  });

  test.each([
    [{ PIPELINES: 'recordings', MONGO_URI: 'mongodb://host' }, /^Set it in/],
    [{ PIPELINES: 'recordings', MONGO_URI: 'http://host' }, /^Set or correct them in/],
  ])('tells settings that are missing from wrong ones in %j', async (environment, todo) => {
    const findings = await runChecks([configurationCheck(environment, await withSettings(PIPELINES))]);
    expect(findings.at(-1)?.todo).toMatch(todo);
  });

  test('checks nothing else where PIPELINES names one that is not known', async () => {
    const findings = await runChecks(await allChecks({ PIPELINES: 'interveiws' }, PIPELINES, {}));
    expect(findings).toEqual([
      {
        ...{ check: 'Configuration', status: 'problem' },
        detail: expect.stringMatching(/^PIPELINES names "interveiws"; it takes .*interviews/) as string,
        todo: expect.stringMatching(/^Correct it in/) as string,
      },
    ]);
  });
});
