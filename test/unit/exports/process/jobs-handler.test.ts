import { recordingLogger } from '../../../../src/platform/logging/recording-logger.js';
import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import {
  readExportJobs,
  type ExportJobsMessage,
} from '../../../../src/pipelines/exports/contract/messages.js';
import { createJobsHandler } from '../../../../src/pipelines/exports/process/jobs-handler.js';
import type { StartJob } from '../../../../src/pipelines/exports/process/start-job.js';
import { handed } from './task-messages.js';

function message(fields: Record<string, unknown>): ExportJobsMessage {
  const read = readExportJobs(JSON.stringify({ version: 1, ...fields }));
  if (!('message' in read)) throw new Error(read.reason);
  return read.message;
}

const notEnded = () => Promise.resolve(undefined);

describe('the handler of a message that names exports', () => {
  test('starts a job for each, and lets the message go once all are started', async () => {
    const started: Parameters<StartJob>[0][] = [];
    const log = recordingLogger();
    const handle = createJobsHandler(
      (input) => {
        started.push(input);
        return Promise.resolve(input.export_id === 'b' ? 'known' : 'started');
      },
      notEnded,
      log,
    );
    const { consumed } = handed(
      message({ export_ids: ['a', 'b', 'a'], priority: 'high', correlation_id: 'c' }),
    );
    expect(await handle(consumed)).toEqual({ message: 'delete', outcome: 'started' });
    expect(started).toEqual(
      ['a', 'b'].map((export_id) => ({
        source: 'default',
        export_id,
        priority: 'high',
        correlation_id: 'c',
        force: false,
        message_id: 'm',
      })),
    );
    expect(log.of('export_job_started')).toMatchObject([{ export_id: 'a', correlation_id: 'c' }]);
    expect(log.of('export_job_known')).toMatchObject([{ export_id: 'b' }]);
  });

  test('names a job after the message where its sender named nothing', async () => {
    const handle = createJobsHandler(
      (input) => {
        expect(input.correlation_id).toBe('m');
        return Promise.resolve('known');
      },
      notEnded,
      recordingLogger(),
    );
    expect(await handle(handed(message({ export_ids: ['a'] })).consumed)).toMatchObject({ outcome: 'known' });
  });

  test('keeps the message while one of its jobs cannot be started', async () => {
    const handle = createJobsHandler(
      ({ export_id }) =>
        export_id === 'b'
          ? Promise.reject(new DependencyUnavailable('Temporal is away'))
          : Promise.resolve('started'),
      notEnded,
      recordingLogger(),
    );
    await expect(handle(handed(message({ export_ids: ['a', 'b'] })).consumed)).rejects.toThrow(
      'Temporal is away',
    );
  });

  test('waits with a forced attempt while the workflow of the last one, whose result is there, closes', async () => {
    const log = recordingLogger();
    const handle = createJobsHandler(
      () => Promise.resolve('known'),
      () => Promise.resolve({}),
      log,
    );
    const forced = handed(message({ export_ids: ['a'], force: true }));
    expect(await handle(forced.consumed)).toMatchObject({ message: 'release', delaySeconds: 5 });
    expect(await handle(handed(message({ export_ids: ['a'] })).consumed)).toMatchObject({ outcome: 'known' });
  });

  test('forces nothing twice where it is delivered again for another of its exports', async () => {
    const started: string[] = [];
    const results = new Map([
      ['a', { message_id: 'earlier' }],
      ['b', { message_id: 'earlier' }],
    ]);
    const handle = createJobsHandler(
      ({ export_id }) => {
        started.push(export_id);
        return Promise.resolve(export_id === 'b' && started.length === 2 ? 'known' : 'started');
      },
      ({ export_id }) => Promise.resolve(results.get(export_id)),
      recordingLogger(),
    );
    const forced = () => handle(handed(message({ export_ids: ['a', 'b'], force: true })).consumed);
    expect(await forced()).toMatchObject({ outcome: 'waits_for_end' });
    // What it began has ended by the time it comes again.
    results.set('a', { message_id: 'm' });
    expect(await forced()).toMatchObject({ message: 'delete', outcome: 'started' });
    expect(started).toEqual(['a', 'b', 'b']);
  });
});
