import { loadServed, servedPipelines } from '../../../../../src/platform/config/served-pipelines.js';
import { integer, text } from '../../../../../src/platform/config/setting.js';
import { rolesOf } from '../../../../../src/platform/config/settings/process-settings.js';

const SHARED = { STORE_URI: text({ required: true, about: 'Where both keep things.' }) };
const oranges = {
  name: 'oranges',
  settings: {
    ...SHARED,
    ORANGE_QUEUE: text({ required: true, about: 'Where they come from.' }),
    ORANGE_SIZE: integer({ min: 1, max: 9 }, { default: '1', about: 'Each.' }),
  },
};
const plums = {
  name: 'plums',
  settings: { ...SHARED, PLUM_QUEUE: text({ required: true, about: 'Where they come from.' }) },
};
const PIPELINES = [oranges, plums];
const BASE = { TASK_QUEUE: text({ default: 'fruit', about: 'Shared by all.' }) };

const namesOf = (environment: Record<string, string>): string[] =>
  servedPipelines(environment, PIPELINES).served.map(({ name }) => name);

describe('the pipelines that a process serves', () => {
  test.each([
    ['a required one', { PLUM_QUEUE: 'q' }, ['plums']],
    ['one with a default', { ORANGE_SIZE: '2' }, ['oranges']],
    ['one that is wrong', { ORANGE_SIZE: 'many' }, ['oranges']],
    ['one in a file', { ORANGE_QUEUE_FILE: '/run/secrets/queue' }, ['oranges']],
    ['of both', { PLUM_QUEUE: 'q', ORANGE_QUEUE: 'q' }, ['oranges', 'plums']],
    ['that is empty beside one that is not', { PLUM_QUEUE: '', ORANGE_QUEUE: 'q' }, ['oranges']],
  ])('are those of which an own setting is set: %s', (_, environment, served) => {
    expect(namesOf(environment)).toEqual(served);
  });

  test('are not told by a setting that both take, or that the base takes', () => {
    const { served, problems } = servedPipelines({ STORE_URI: 's', TASK_QUEUE: 'q' }, PIPELINES);
    expect(served).toEqual([]);
    expect(problems).toEqual([
      'No pipeline is served: set PIPELINES, or what one of them needs: oranges (STORE_URI, ORANGE_QUEUE); plums (STORE_URI, PLUM_QUEUE).',
    ]);
  });

  test.each([
    ['plums', ['plums']],
    ['Plums, oranges', ['oranges', 'plums']],
  ])('are those that PIPELINES=%s names, whatever else is set', (value, served) => {
    expect(namesOf({ PIPELINES: value, ORANGE_QUEUE: 'q' })).toEqual(served);
  });

  test('must be known', () => {
    expect(servedPipelines({ PIPELINES: 'plums,pears' }, PIPELINES).problems).toEqual([
      'PIPELINES names "pears"; it takes a comma-separated list of oranges, plums.',
    ]);
    const { problems } = servedPipelines({ PIPELINES: 'Xy7-secret-Qw9,plums' }, PIPELINES);
    expect(problems.join()).not.toContain('Xy7');
  });
});

describe('the settings of a process', () => {
  test('are those of the base and of what is served', () => {
    const { served, settings } = loadServed({ PLUM_QUEUE: 'q', STORE_URI: 's' }, BASE, PIPELINES);
    expect(served).toEqual([plums]);
    expect(settings).toEqual({ TASK_QUEUE: 'fruit', STORE_URI: 's', PLUM_QUEUE: 'q' });
  });

  test('demand all that a served pipeline requires, and say everything at once', () => {
    const load = (): unknown => loadServed({ ORANGE_SIZE: 'many', TASK_QUEUE: '\n' }, BASE, PIPELINES);
    expect(load).toThrow(
      /TASK_QUEUE is .*STORE_URI is not set.*ORANGE_QUEUE is not set.*ORANGE_SIZE is "many"/s,
    );
    expect(load).not.toThrow(/PLUM_QUEUE/);
    expect(() => loadServed({ PIPELINES: 'plums,pears' }, BASE, PIPELINES)).toThrow(
      /PIPELINES names "pears".*STORE_URI is not set.*PLUM_QUEUE is not set/s,
    );
  });
});

test.each([
  ['all', true, true],
  ['orchestrator', true, false],
  ['worker', false, true],
  ['inference', false, true],
] as const)('SERVICE_MODE=%s plays orchestrator: %s, worker: %s', (mode, orchestrator, worker) => {
  expect(rolesOf(mode)).toEqual({ orchestrator, worker });
});
