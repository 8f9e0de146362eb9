import type { PoolUse } from '../../../../src/pipelines/recordings/metrics/pool-metrics.js';
import { createRecordingsMetrics } from '../../../../src/pipelines/recordings/metrics/recordings-metrics.js';
import { createMetrics } from '../../../../src/platform/metrics/metrics.js';

test('the models that score are told by role, and one that was replaced is no longer', async () => {
  let version = '1';
  const all = createMetrics();
  createRecordingsMetrics(all, {
    openBatches: () => 0,
    models: () => ({ model: { name: 'reading-audio', version }, shadow: undefined }),
  });
  expect(await all.registry.metrics()).toContain(
    'vachan_model_info{role="model",name="reading-audio",version="1"} 1',
  );
  version = '2';
  const later = await all.registry.metrics();
  expect(later).toContain('vachan_model_info{role="model",name="reading-audio",version="2"} 1');
  expect(later).not.toContain('version="1"');
});

describe('the audio pool', () => {
  test('is shown as it is at the moment of the scrape', async () => {
    const poolUse: PoolUse = { size: 2, busy: 1, queued: 40, rssBytes: 300_000_000 };
    const all = createMetrics();
    createRecordingsMetrics(all, { openBatches: () => 0, poolUse: () => poolUse }).poolProcessLost();
    const text = await all.registry.metrics();
    expect(text).toContain('vachan_audio_pool_processes 2');
    expect(text).toContain('vachan_audio_pool_busy 1');
    expect(text).toContain('vachan_audio_pool_queued 40');
    expect(text).toContain('vachan_audio_pool_resident_memory_bytes 300000000');
    expect(text).toContain('vachan_audio_pool_restarts_total 1');
  });

  test('has no values in a process without one', async () => {
    const all = createMetrics();
    createRecordingsMetrics(all, { openBatches: () => 0 });
    expect(await all.registry.metrics()).not.toMatch(/^vachan_audio_pool_busy /m);
  });
});
