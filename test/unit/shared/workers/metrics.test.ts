import { createMetrics } from '../../../../src/platform/metrics/metrics.js';

test('the models that score are told by role, and one that was replaced is no longer', async () => {
  let version = '1';
  const { registry } = createMetrics({
    openBatches: () => 0,
    models: () => ({ model: { name: 'reading-audio', version }, shadow: undefined }),
  });
  expect(await registry.metrics()).toContain(
    'vachan_model_info{role="model",name="reading-audio",version="1"} 1',
  );
  version = '2';
  const later = await registry.metrics();
  expect(later).toContain('vachan_model_info{role="model",name="reading-audio",version="2"} 1');
  expect(later).not.toContain('version="1"');
});
