import type { DeadLetterMessage } from '../../../../src/queue/sweep-dead-letter-queue.js';
import { PIPELINES, searchAttributesOf } from '../../../../src/pipelines/index.js';
import { recordings } from '../../../../src/pipelines/recordings/pipeline.js';
import { errands } from '../pipelines/errands.js';
import { aDescription, cli, fakeRuns } from './fake-context.js';

const others = [errands()];
const summary = {
  status: 'running',
  started_at: '2025-12-20T13:44:00.000Z',
  updated_at: '2025-12-20T13:45:00.000Z',
};

function runsOf(workflowType: string): { runs: ReturnType<typeof fakeRuns>; asked: string[] } {
  const asked: string[] = [];
  const runs = fakeRuns({
    describe: (workflowId) => {
      asked.push(workflowId);
      return Promise.resolve(aDescription({ workflow_id: workflowId, workflow_type: workflowType }));
    },
    status: () => Promise.resolve({ kind: 'answered', summary }),
  });
  return { runs, asked };
}

describe('the command line of several pipelines', () => {
  test('lists the commands of each, and says what each is for', async () => {
    const { out } = await cli(['--help'], { others });
    const help = out.join('\n');
    expect(help).toContain('audio anomalies.');
    expect(help).toContain('Runs errands.');
    expect(help).toMatch(/Errands:\n {2}errand <thing> +fetch something/);
    expect(help).toContain('$ vachan errand bread');
  });

  test('finds a run by what its pipeline calls it, and shows it as that pipeline does', async () => {
    const { runs, asked } = runsOf('errandWorkflow');
    const { out } = await cli(['status', 'bread'], { others, connectRuns: () => Promise.resolve(runs) });
    expect(asked).toEqual(['errand:bread']);
    expect(out[0]).toMatch(/^Run +errand:bread\nStatus +running, for .*\nHeld up +no runner is alive/);
    expect(out[0]).toMatch(/Basket +half full$/);
  });

  test('has a name of its own for each role, by which doctor tells who is alive', () => {
    const names = PIPELINES.flatMap(({ roles }) => roles('vachan')).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  test('shows a run of no pipeline without its numbers, and all it says as JSON', async () => {
    const connectRuns = () => Promise.resolve(runsOf('strangeWorkflow').runs);
    const { code, out } = await cli(['status', 'strange:1'], { others, connectRuns });
    expect(code).toBe(0);
    expect(out[0]).toMatch(/Reason +It is a run of no pipeline here/);
    const { json } = await cli(['status', 'strange:1', '--json'], { others, connectRuns });
    expect(json()).toEqual([expect.objectContaining({ summary })]);
  });

  test('names each way to call a run', async () => {
    const { out } = await cli(['watch', '--help'], { others });
    expect(out.join('\n')).toContain('<test_date|thing|workflow_id>');
  });

  describe('dlq', () => {
    const letter: DeadLetterMessage = { messageId: 'm-1', body: '{}', receiveCount: 3, sentAtMs: 0 };
    const list = async (args: string[], environment: Record<string, string> = {}) => {
      const queue = {
        url: 'https://sqs.example/1/dead',
        isFifo: false,
        depth: () => Promise.resolve({ visible: 1, in_flight: 0, delayed: 0 }),
        changeVisibility: () => Promise.resolve(),
      };
      const opened: string[] = [];
      const run = await cli(['dlq', 'list', '--limit', '1', ...args], {
        others,
        environment,
        openDeadLetters: ({ url }) => {
          opened.push(url);
          const dead = { queue: { ...queue, receive: () => Promise.resolve([letter]) }, maxReceiveCount: 3 };
          return Promise.resolve({ queue, dead, close: () => undefined }) as never;
        },
      });
      return { ...run, opened };
    };

    test('reads the messages of the pipeline that is named', async () => {
      const { out, opened } = await list(['--pipeline', 'errands', '--json']);
      expect(opened).toEqual(['https://sqs.example/1/errands']);
      expect(JSON.parse(out[0] ?? '{}')).toMatchObject({
        dead_letters: [{ message_id: 'm-1', cause: 'unrecorded', errand: { shop: 'corner' } }],
      });
    });

    test('reads those of the pipeline that is served, where none is named', async () => {
      for (const environment of [{ PIPELINES: 'errands' }, { ERRANDS_SHOP: 'corner' }]) {
        const { opened } = await list(['--json'], environment);
        expect(opened).toEqual(['https://sqs.example/1/errands']);
      }
      const both = { PIPELINES: 'errands,recordings', SQS_QUEUE_URL: 'https://sqs.example/1/recordings' };
      expect((await list(['--json'], both)).opened).toEqual(['https://sqs.example/1/recordings']);
    });

    test('names the pipeline in what it proposes next, where it was named', async () => {
      const named = await list(['--pipeline', 'errands']);
      expect(named.err.at(-1)).toBe(
        'One in full: vachan dlq show MESSAGE_ID --pipeline errands. Again: vachan dlq redrive --pipeline errands.',
      );
      const served = await list([], { PIPELINES: 'errands' });
      expect(served.err.at(-1)).toBe('One in full: vachan dlq show MESSAGE_ID. Again: vachan dlq redrive.');
    });
  });

  test('takes the options of each in doctor and dlq', async () => {
    const doctor = (await cli(['doctor', '--help'], { others })).out.join('\n');
    for (const option of ['--audio-url', '--test-date', '--shop']) expect(doctor).toContain(option);
    const dlq = (await cli(['dlq', 'list', '--help'], { others })).out.join('\n');
    for (const option of ['--csv', '--shop', '--pipeline']) expect(dlq).toContain(option);
    expect((await cli(['dlq', 'list', '--help'])).out.join('\n')).not.toContain('--pipeline');
  });

  test('registers a search attribute of two once', () => {
    const names = searchAttributesOf([recordings, ...others]);
    expect(names).toContain('VachanShop');
    expect(names.filter((name) => name === 'VachanStatus')).toHaveLength(1);
  });
});
