import { createEndpointObjects } from '../../../../src/pipelines/exports/events/endpoint-objects.js';
import {
  createExportEvents,
  type ExportEvents,
} from '../../../../src/pipelines/exports/events/export-events.js';
import type { ExportResult } from '../../../../src/pipelines/exports/contract/result.js';
import type { ExportState } from '../../../../src/pipelines/exports/state/job-state.js';
import { aResult } from '../../../unit/exports/cli/fake-jobs.js';
import { freshState } from './fresh-state.js';

const AT = new Date('2026-01-02T03:00:00Z');

describe('events of exports in S3', () => {
  let state: ExportState;
  let close: () => void;
  let events: ExportEvents;
  beforeEach(() => {
    ({ state, close } = freshState());
    events = createExportEvents(state, () => AT.getTime());
  });
  afterEach(() => close());

  const ended = async (changes: Partial<ExportResult> = {}, key?: string): Promise<ExportResult> => {
    const result = aResult(changes);
    await state.objects.write(key ?? state.of(result).keys.result(), JSON.stringify(result));
    return result;
  };
  const refOf = ({ source, export_id, attempt }: ExportResult) => ({ source, export_id, attempt });

  it('say how an attempt ended, in counts and links', async () => {
    const result = await ended({ state: 'failed', reason: 'too_many_files', export_id: 'ä/1' });
    const waiting = await events.record(refOf(result), true);
    expect(waiting).toMatchObject({ wait_ms: 0 });
    expect(await events.pending(waiting!.event_id)).toMatchObject({
      tries: 0,
      event: {
        id: expect.stringMatching(/^evt_[0-9a-f]{32}$/) as string,
        type: 'export.failed',
        at: new Date(result.finished_at),
        data: {
          ...{ source: 'default', export_id: 'ä/1', attempt: 1, correlation_id: 'c-1' },
          ...{ state: 'failed', reason: 'too_many_files' },
          files: result.files,
          entries: result.entries,
          links: {
            export: '/api/v1/exports/default/%C3%A4%2F1',
            result: expect.stringMatching(/^s3:\/\/.*\/result\.json$/) as string,
          },
        },
      },
    });
  });

  it('are written once, and go on where they were', async () => {
    const job = refOf(await ended());
    const { event_id: id } = (await events.record(job, true))!;
    await events.failed(id, { at: AT, problem: 'answered 503' }, new Date(AT.getTime() + 5_000));
    expect(await events.record(job, true)).toEqual({ event_id: id, wait_ms: 5_000 });

    await events.delivered(id, { at: AT, http_status: 204 });
    expect(await events.record(job, true)).toBeUndefined();
    expect(await events.latest({ limit: 1 })).toMatchObject([
      { status: 'delivered', tries: 2, about: 'default/4711', last_try: { at: AT, http_status: 204 } },
    ]);
  });

  it('are of the attempt that is meant, also when another one has begun', async () => {
    const first = await ended({ attempt: 1, state: 'cancelled' }, state.of(aResult()).keys.result(1));
    await ended({ attempt: 2, finished_at: '2025-12-20T13:50:00.000Z' });
    const { event_id: id } = (await events.record(refOf(first), true))!;
    expect((await events.pending(id))?.event).toMatchObject({
      type: 'export.cancelled',
      data: { attempt: 1 },
    });
    expect(await events.record({ ...refOf(first), attempt: 3 }, true)).toBeUndefined();
  });

  it('are listed from the newest on, and by their status', async () => {
    for (const minute of ['10', '30', '20']) {
      const result = await ended({ export_id: minute, finished_at: `2026-01-01T00:${minute}:00.000Z` });
      await events.record(refOf(result), minute !== '20');
    }
    const about = async (query: Parameters<typeof events.latest>[0]): Promise<string[]> =>
      (await events.latest(query)).map((event) => event.about);
    expect(await about({ limit: 10 })).toEqual(['default/30', 'default/20', 'default/10']);
    expect(await about({ limit: 10, status: 'unsent' })).toEqual(['default/20']);
    expect(await about({ limit: 1 })).toEqual(['default/30']);
  });

  it('wait for delivery again under the same id when somebody asks for it', async () => {
    const job = refOf(await ended());
    expect(await events.resend({ ...job, attempt: 9 })).toBeUndefined();
    const { event_id: id } = (await events.record(job, true))!;
    const before = await events.pending(id);
    await events.failed(id, { at: AT, problem: 'answered 410' }, undefined);
    expect(await events.pending(id)).toBeUndefined();
    await events.resend(job);
    expect(await events.pending(id)).toEqual(before);
  });

  it('remember which endpoint is disabled', async () => {
    const states = createEndpointObjects(state);
    expect(await states.disabled('k')).toBeUndefined();
    await states.disable('k', { at: AT, reason: 'answered 410' });
    expect(await states.disabled('k')).toEqual({ at: AT, reason: 'answered 410' });
    expect(await states.enable('k')).toBe(true);
    expect(await states.enable('k')).toBe(false);
  });
});
