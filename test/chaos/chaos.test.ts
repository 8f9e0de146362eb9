import { runChaos, runMutated, type ChaosResult } from './chaos-process.js';

/** Lost hosts are noticed within a minute; several runs share two cores. */
const STORY_MS = 420_000;

// Few deliveries: what cannot be read must not decide how long this takes.
const SHORT = ['--receives', '6', '--gap', '3', '--minutes', '0.2'];

describe('a short night under fire', () => {
  test(
    'loses nothing, doubles nothing, and gets nothing wrong',
    async () => {
      const { report, exitCode } = await runChaos([
        ...['--records', '150', '--seed', '3', ...SHORT],
        ...['--faults', 'kill_at_point,cut_mongo,hole_aws,duplicate_delivery,terminate_discovery'],
        ...['--points', 'results_upserted,results_csv_appended,feature_build_completed'],
      ]);
      expect(report.complaints).toEqual({ lost: [], doubled: [], wrong: [] });
      expect(report.faults_injected).toBeGreaterThan(1);
      expect(exitCode).toBe(0);
    },
    STORY_MS,
  );
});

describe('the checker', () => {
  /** Each is a worker with one mistake, and a run that exposes it. */
  const caught = (result: ChaosResult): void => expect(result.exitCode).toBe(1);

  test(
    'notices an acknowledgement before the results are written',
    async () => {
      const result = await runMutated(
        [
          {
            file: 'activities/batch/upsert-results.js',
            from: '(0, batch_js_1.dropLost)(batch);',
            to: `(0, batch_js_1.dropLost)(batch);
              await batch.lease.acknowledge(batch.items.map((item) => item.messageId));
              log.info('processed_items_acked');`,
          },
        ],
        [
          ...['--records', '60', '--seed', '1', '--workers', '1', ...SHORT],
          ...['--faults', 'kill_at_point', '--points', 'processed_items_acked'],
        ],
      );
      caught(result);
      expect(result.report.complaints.lost.join()).toContain('no result');
    },
    STORY_MS,
  );

  test(
    'notices a row that is skipped at the edge of a page',
    async () => {
      const result = await runMutated(
        [
          {
            file: 'activities/discovery/enqueue-rows.js',
            from: 'if (toSend.length === 0)\n        return;',
            to: 'if (toSend.length > 5) toSend.pop();\n    if (toSend.length === 0)\n        return;',
          },
        ],
        ['--records', '60', '--seed', '1', '--workers', '1', ...SHORT, '--faults', 'late_rows'],
      );
      caught(result);
      expect(result.report.complaints.lost.join()).toContain('no result');
    },
    STORY_MS,
  );

  test(
    'notices a delivery that a retried step counts twice in the CSV',
    async () => {
      const result = await runMutated(
        [
          {
            file: 'results/csv/local-csv.js',
            from: 'written.set(key, true);',
            to: 'void key;',
          },
          {
            file: 'activities/batch/upsert-results.js',
            from: 'await writeCsv(deps, batch, log);',
            to: `await writeCsv(deps, batch, log);
              if (batch.failedOnce !== true) {
                batch.failedOnce = true;
                throw new Error('the answer to the append was lost');
              }`,
          },
        ],
        ['--records', '40', '--seed', '1', '--workers', '1', ...SHORT, '--faults', 'late_rows'],
      );
      caught(result);
      expect(result.report.complaints.doubled.join()).toContain('CSV rows for one delivery');
    },
    STORY_MS,
  );

  test(
    'notices a worker that goes on with messages which are no longer its own',
    async () => {
      const result = await runMutated(
        [
          { file: 'queue/batch-lease.js', from: 'this.#extender.start();', to: '' },
          {
            file: 'activities/batch/batch.js',
            from: 'if (!batch.lease.isLive(item.messageId))',
            to: 'if (false)',
          },
          {
            file: 'activities/batch/upsert-results.js',
            from: '(0, batch_js_1.dropLost)(batch);',
            // Longer than the messages stay hidden.
            to: '(0, batch_js_1.dropLost)(batch);\n            await new Promise((resolve) => setTimeout(resolve, 4000));',
          },
        ],
        [
          ...['--records', '40', '--seed', '1', ...SHORT, '--faults', 'late_rows'],
          ...['--set', 'SQS_VISIBILITY_TIMEOUT_SECONDS=2'],
        ],
      );
      caught(result);
      expect(result.report.complaints.doubled.join()).toContain('was completed');
    },
    STORY_MS,
  );
});
