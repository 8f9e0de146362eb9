import {
  createListPagesActivity,
  type ListDependencies,
} from '../../../../src/activities/exports/list-pages.js';
import { createJoinResultActivity } from '../../../../src/activities/exports/join-result.js';
import type { JobPlan } from '../../../../src/activities/exports/activity-types.js';
import type { EntryRow, Fragment } from '../../../../src/pipelines/exports/contract/fragment.js';
import type { ListedFile } from '../../../../src/pipelines/exports/contract/listed-file.js';
import { createExportSources } from '../../../../src/pipelines/exports/export-api/sources.js';
import { EXPORTS_SETTINGS } from '../../../../src/pipelines/exports/settings/index.js';
import { failedFragment } from '../../../../src/pipelines/exports/state/failed-fragment.js';
import type { ExportState } from '../../../../src/pipelines/exports/state/job-state.js';
import { loadSettings } from '../../../../src/platform/config/load-settings.js';
import { recordingLogger } from '../../../../src/platform/logging/recording-logger.js';
import { contentOfBuffer } from '../../../../tools/export-api/content.js';
import { startExportApi, type ExportApi } from '../../../../tools/export-api/start-export-api.js';
import { inActivity } from '../../../unit/shared/activities/in-activity.js';
import { freshName, sqsClient } from '../../embedded-stack.js';
import { freshState } from '../state/fresh-state.js';

export let api: ExportApi;
export let state: ExportState;
let closeState: () => void;
export let sources: ReturnType<typeof createExportSources>;
export const log = recordingLogger();
export const sqs = (() => {
  let client: ReturnType<typeof sqsClient> | undefined;
  return { get: () => (client ??= sqsClient()), destroy: () => client?.destroy() };
})();

/** Starts what the tests of a file need, once, and ends it. */
export function useJobs(): void {
  beforeAll(async () => {
    api = await startExportApi();
    ({ state, close: closeState } = freshState());
    sources = createExportSources(
      loadSettings(
        {
          EXPORT_JOBS_QUEUE_URL: 'http://localhost/1/jobs',
          DOWNLOAD_TASKS_QUEUE_URL: 'http://localhost/1/tasks',
          EXPORT_OUTPUT_PREFIX: 's3://exports/objects',
          EXPORT_STATE_PREFIX: 's3://exports/state',
          EXPORT_METADATA_TABLE: 'table',
          EXPORT_API_URL: api.url,
          EXPORT_API_TOKEN: api.token,
          EXPORT_API_RATE: '1000',
          EXPORT_PRIVATE_HOSTS: new URL(api.url).host,
        },
        EXPORTS_SETTINGS,
      ),
    );
  });
  afterAll(async () => {
    sources.close();
    closeState();
    sqs.destroy();
    await api.stop();
  });
}

export function freshPlan(changes: Partial<JobPlan> = {}): JobPlan {
  return {
    source: 'default',
    export_id: freshName('exp'),
    attempt: 1,
    priority: 'normal',
    correlation_id: 'c-1',
    started_at: '2026-11-27T10:00:00.000Z',
    ready_by: '2026-11-28T10:00:00.000Z',
    history_event_limit: 1_500,
    acknowledges: false,
    ...changes,
  };
}

export const served = (ids: readonly string[]) =>
  ids.map((id) => ({ id, name: `${id}.zip`, content: contentOfBuffer(Buffer.from(id)) }));
export const idsOf = (count: number): string[] => Array.from({ length: count }, (_, n) => `file-${n}`);

export async function listed(plan: JobPlan): Promise<ListedFile[]> {
  const files: ListedFile[] = [];
  for await (const file of state.of(plan).listing.read()) files.push(file);
  return files;
}

export const list = (plan: JobPlan, changes: Partial<ListDependencies> = {}) =>
  inActivity(() => createListPagesActivity({ state, sources, log, ...changes }).listPages(plan));
export async function settle(
  plan: JobPlan,
  ordinal: number,
  entries: Partial<Fragment['entries']>,
  rows: EntryRow[] = [],
) {
  const file: ListedFile = { ordinal, file_id: `file-${ordinal}`, name: `file-${ordinal}.zip` };
  const { reason: _reason, detail: _detail, ...empty } = failedFragment(file, 'gone', '', new Date(0));
  const fragment: Fragment = {
    ...empty,
    state: 'settled',
    size: 100,
    entries: { ...empty.entries, ...entries },
  };
  await state.of(plan).fragments.write(fragment, rows);
}

export const join = (plan: JobPlan, names: string[] = [], finishedAt = '2026-11-27T10:05:00.000Z') =>
  inActivity(() =>
    createJoinResultActivity({
      state,
      log,
      metadata: {
        names: async function* () {
          yield await Promise.resolve(names);
        },
      },
    }).joinResult({ plan, finished_at: finishedAt }),
  );

/** A job of four files: one fine, one with a refused entry, one that failed, one without metadata for an entry. */
export async function fourFiles(): Promise<JobPlan> {
  const plan = freshPlan();
  const placed: EntryRow = {
    outcome: 'uploaded',
    entry: 'a.txt',
    key: 'out/a.txt',
    size: 5,
    crc32: '0000beef',
  };
  const refused: EntryRow = { outcome: 'rejected', entry: '../b', reason: 'name_unsafe' };
  const unknown: EntryRow = { outcome: 'rejected', entry: 'c.txt', reason: 'no_metadata' };
  api.add({ id: plan.export_id, files: served(idsOf(4)) });
  await list(plan);
  await settle(plan, 0, { seen: 1, matched: 1, uploaded: 1 }, [placed]);
  await settle(plan, 1, { seen: 2, matched: 1, uploaded: 1, rejected: 1 }, [
    { ...placed, key: 'out/1' },
    refused,
  ]);
  const file = { ordinal: 2, file_id: 'file-2', name: 'file-2.zip' };
  await state.of(plan).fragments.write(failedFragment(file, 'not_a_zip', 'It is HTML.', new Date(0)), []);
  await settle(plan, 3, { seen: 1, rejected: 1 }, [unknown]);
  return plan;
}

export const linesOf = async (key: string): Promise<unknown[]> => {
  const lines: unknown[] = [];
  for await (const line of state.objects.lines(key)) lines.push(JSON.parse(line));
  return lines;
};
