import { createNight, endLeftNights } from '../pipeline/night.js';
import { seed } from '../pipeline/seeded-night.js';
import { TEST_DATE } from '../sources/source-documents.js';
import { scrape, type Scrape } from './scrape.js';

const STORY_MS = 180_000;

let page: Scrape;
let results: number;

beforeAll(async () => {
  const night = await createNight();
  await seed(night, 24);
  const worker = await night.worker();
  const run = await night.start('discoveryWorkflow', { test_date: TEST_DATE, mode: 'backfill' });
  await run.result();
  page = await scrape(await worker.healthUrl());
  results = (await night.results()).filter(({ processing }) => processing.message_id !== 'seeded').length;
  await night.close();
}, STORY_MS);
afterAll(endLeftNights);

describe('the metrics of a whole night', () => {
  test('agree with each other and with the results', () => {
    expect(page.value('vachan_deliveries_total', { outcome: 'completed' })).toBe(results);
    expect(page.value('vachan_record_failures_total')).toBe(
      page.value('vachan_deliveries_total', { outcome: 'failed_pre_inference' }),
    );
    expect(page.value('messaging_client_consumed_messages_total')).toBe(
      page.value('vachan_deliveries_total'),
    );
    expect(page.value('messaging_client_sent_messages_total')).toBe(
      page.value('vachan_discovery_rows_total', { result: 'enqueued' }),
    );
    expect(page.value('vachan_receive_age_seconds_count')).toBe(
      page.value('messaging_client_consumed_messages_total') -
        page.value('vachan_retries_total', { operation: 'delivery' }),
    );
    expect(page.value('vachan_open_batches')).toBe(0);
  });

  test.each(['receive', 'screen', 'download', 'features', 'score', 'upsert', 'acknowledge'])(
    'tell how long the stage %s takes',
    (stage) => {
      expect(page.value('vachan_batch_stage_duration_seconds_count', { stage })).toBeGreaterThan(0);
    },
  );

  test('show the backlog, who works on it, and the pool', () => {
    expect(page.value('vachan_inference_workers')).toBe(1);
    expect(page.samples('vachan_backlog_messages')).toHaveLength(3);
    expect(page.samples('vachan_backlog_per_task')).toHaveLength(1);
    expect(page.samples('vachan_lanes')).toHaveLength(1);
    expect(page.samples('vachan_dead_letter_messages')).toHaveLength(1);
    expect(page.value('vachan_audio_pool_processes')).toBe(1);
    expect(page.value('vachan_audio_pool_resident_memory_bytes')).toBeGreaterThan(50e6);
  });

  test('hold those of Temporal’s SDK on the same page, no family twice', () => {
    expect(page.value('temporal_workflow_completed_total', { workflow_type: 'discoveryWorkflow' })).toBe(1);
    const declared = page.text.split('\n').filter((line) => line.startsWith('# TYPE '));
    expect(new Set(declared).size).toBe(declared.length);
  });

  test('have labels from short lists: no id of a process, batch or child', () => {
    expect(page.samples('temporal_num_pollers', { task_queue: 'host' })).toHaveLength(1);
    expect(page.text).not.toMatch(/-host-|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}|s3:\/\/|https?:\/\//);
  });
});
