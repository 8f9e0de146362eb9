import { z } from 'zod';
import type { LoadedPipeline } from '../../../../src/pipelines/index.js';
import type { ConnectedPipeline, HeldWork, ProcessParts } from '../../../../src/pipelines/pipeline.js';
import { together } from '../../../../src/platform/config/settings-table.js';
import { recordingLogger } from '../../../../src/platform/logging/recording-logger.js';
import {
  apiOf,
  checksOf,
  connectPart,
  factsOf,
  heldBy,
  orchestratorsOf,
  outcomesOf,
  pollersOf,
  servicesOf,
  stateOf,
} from '../../../../src/workers/served-parts.js';
import { errands } from '../pipelines/errands.js';

const held: HeldWork = { size: 2, onChange: () => undefined, giveBackAll: () => Promise.resolve() };
const service = { start: () => undefined, close: () => undefined };

/** What a made-up pipeline makes of a process. */
function connected(name: string): ConnectedPipeline {
  return {
    checks: [{ name: 'queue', check: () => Promise.resolve() }],
    metrics: { acknowledged: () => 1, outcomes: () => ({ done: 1, [name]: 1 }) },
    prepare: () => Promise.resolve(),
    api: (temporal) => ({
      components: { [name]: z.string() },
      operations: [
        {
          path: `/${name}`,
          operationId: name,
          summary: name,
          description: name,
          answer: name,
          problems: {},
          ask: () => Promise.resolve(temporal().taskQueue),
        },
      ],
    }),
    startWorker: () =>
      Promise.resolve({
        pollers: [{ taskQueue: `${name}-own`, activities: {}, slots: 1, stops: 'last' }],
        services: [service],
        held,
        checks: [{ name: 'pool', check: () => Promise.resolve() }],
        facts: { [`${name}_decoder`]: 'ours' },
        state: () => ({ [`${name}_model`]: 1 }),
        close: () => Promise.resolve(),
      }),
    orchestrator: () => ({
      activities: { [name]: () => undefined },
      pollers: [{ taskQueue: `${name}-rated`, activities: {}, slots: 1, stops: 'last', maxPerSecond: 5 }],
      services: [service],
      held,
    }),
    close: () => Promise.resolve(),
  };
}

const log = recordingLogger();
const lent = { settings: { TASK_QUEUE: 'vachan' }, log } as unknown as ProcessParts;

async function parts() {
  const pipeline = async (name: string): Promise<LoadedPipeline> => {
    const made = errands({
      name,
      taskQueue: (base) => `${base}-${name}`,
      connect: () => Promise.resolve(connected(name)),
    });
    return { ...made, settings: together(await made.settings()) };
  };
  return Promise.all(['errands', 'letters'].map(async (name) => connectPart(await pipeline(name), lent)));
}

describe('the parts of a process', () => {
  test('are put together from what each pipeline has started', async () => {
    const all = await parts();
    expect([pollersOf(all), servicesOf(all), heldBy(all), orchestratorsOf(all)]).toEqual([[], [], [], []]);
    expect(checksOf(all).map(({ name }) => name)).toEqual(['errands queue', 'letters queue']);
    for (const part of all) {
      part.worker = await part.connected.startWorker!(() => part.temporal!);
      part.orchestrator = part.connected.orchestrator({} as never);
    }
    expect(pollersOf(all).map(({ taskQueue }) => taskQueue)).toEqual([
      'errands-own',
      'errands-rated',
      'letters-own',
      'letters-rated',
    ]);
    expect(servicesOf(all)).toHaveLength(4);
    expect(heldBy(all)).toEqual([held, held, held, held]);
    expect(orchestratorsOf(all).map(({ taskQueue }) => taskQueue)).toEqual([
      'vachan-errands',
      'vachan-letters',
    ]);
    expect(checksOf(all).map(({ name }) => name)).toContain('letters pool');
    expect(checksOf(all.slice(0, 1)).map(({ name }) => name)).toEqual(['queue', 'pool']);
    expect(stateOf(all)).toEqual({ errands_model: 1, letters_model: 1 });
    expect(factsOf(all)).toMatchObject({ errands_decoder: 'ours', letters_model: 1 });
    expect(outcomesOf(all)).toEqual({ done: 2, errands: 1, letters: 1 });
  });

  test('answer with one API, each from its own task queue', async () => {
    const all = await parts();
    const { operations, components } = apiOf(all);
    expect(Object.keys(components)).toEqual(['errands', 'letters']);
    for (const part of all) part.temporal = { taskQueue: part.taskQueue } as never;
    expect(await Promise.all(operations.map(({ ask }) => ask({} as never)))).toEqual([
      'vachan-errands',
      'vachan-letters',
    ]);
  });

  test('write their lines under their own name', async () => {
    const [first] = await parts();
    first?.log.info('worker_started');
    expect(log.of('worker_started')).toMatchObject([{ pipeline: 'errands' }]);
  });
});
