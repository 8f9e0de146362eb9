import { Command } from 'commander';
import { viewDeadLetter } from '../../../../src/commands/dead-letters/dead-letter-view.js';
import type { Pipeline } from '../../../../src/pipelines/pipeline.js';
import { text } from '../../../../src/platform/config/setting.js';

/** A made-up pipeline: what the base does with it, it does with any. */
export function errands(changes: Partial<Pipeline> = {}): Pipeline {
  return {
    name: 'errands',
    settings: () =>
      Promise.resolve({ Shops: { ERRANDS_SHOP: text({ required: true, about: 'Where to.' }) } }),
    about: 'Runs errands.',
    examples: ['vachan errand bread   # fetch some bread'],
    taskQueue: (base) => `${base}-errands`,
    roles: (base) => [{ name: 'Runners', taskQueue: `${base}-errands` }],
    searchAttributes: ['VachanShop', 'VachanStatus'],
    batchIdStart: 'errand:',
    secretWords: { names: [], lists: [] },
    connect: () => Promise.reject(new Error('not connected here')),
    runs: {
      workflowTypes: ['errandWorkflow'],
      targets: [{ name: 'thing', about: 'what is fetched' }],
      exampleTargets: ['bread'],
      workflowIdOf: (target) => Promise.resolve(/^[a-z]+$/.test(target) ? `errand:${target}` : undefined),
      view: ({ status, started_at: startedAt }) => ({
        status,
        startedAt,
        completed: status === 'fetched',
        done: 1,
        work: { found: 2, all: true },
        failedAttempts: 0,
        lanes: 1,
        workers: { noun: 'runner', alive: 0 },
        outcomes: [{ name: 'fetched', count: 1, failed: false }],
        causes: undefined,
        rows: () => [['Basket', 'half full']],
        liveRows: () => [],
      }),
    },
    deadLetters: {
      noun: 'errand',
      column: 'shop',
      queueSetting: 'ERRANDS_QUEUE_URL',
      about: 'Causes come from the shop.',
      exampleCause: 'ShopClosed',
      examples: { list: ['vachan dlq list --shop corner'], redrive: [], purge: [], dlq: [] },
      sentTwice: 'sent twice they are fetched once',
      afterRedrive: 'Wait for them.',
      addOptions: (command) => command.option('--shop <name>', 'only errands to this shop'),
      open: () =>
        Promise.resolve({
          url: 'https://sqs.example/1/errands',
          region: 'eu-west-1',
          fifoGroupId: undefined,
          view: (message) => viewDeadLetter(message, { shop: 'corner' }, []),
          chosen: () => true,
        }),
    },
    doctor: {
      examples: ['vachan doctor --shop corner'],
      addOptions: (command) => command.option('--shop <name>', 'also look into this shop'),
      checks: () => Promise.resolve([]),
    },
    commands: {
      'Errands:': [
        (_context, end) =>
          new Command('errand')
            .summary('fetch something')
            .argument('<thing>')
            .action(() => end(0)),
      ],
    },
    ...changes,
  };
}
