import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadModel } from '../../../src/model/load-model.js';

const ROOT = join(__dirname, '../../..');
const parity = JSON.parse(readFileSync(join(ROOT, 'test/fixtures/model/parity.json'), 'utf8')) as {
  threshold: number;
  rows: number[][];
  scores: number[];
};
const rows = parity.rows.map((values) => Float64Array.from(values));
const load = () => loadModel(join(ROOT, 'models/reading-audio'));

describe('the shipped model', () => {
  it('scores as the Python that trained it does', async () => {
    const model = await load();
    const inferences = await model.score(rows);
    expect(model.manifest.threshold).toBe(parity.threshold);
    inferences.forEach(({ anomaly_score }, index) => {
      const expected = parity.scores[index]!;
      expect(Math.abs(anomaly_score - expected) / expected).toBeLessThan(1e-9);
    });
  });

  it('gives a recording the same inference alone and among a hundred', async () => {
    const model = await load();
    const hundred = Array.from({ length: 100 }, (_, index) => rows[index % rows.length]!);
    const together = await model.score(hundred);
    for (const [index, values] of rows.entries()) {
      const [alone] = await model.score([values]);
      expect(alone).toEqual(together[index]);
    }
  });

  it('finds the mean of its training readings normal, and a silent version of it not', async () => {
    const model = await load();
    const mean = Float64Array.from(model.manifest.features, (feature) => feature.mean);
    const silent = mean.map((value, index) =>
      /^rms_/.test(model.manifest.features[index]!.name) ? 0 : value,
    );
    const [normal, anomaly] = await model.score([mean, silent]);
    expect(normal?.prediction_label).toBe('normal');
    expect(anomaly?.reasons.map(({ description }) => description)).toContain(
      'much quieter than a normal reading',
    );
  });
});
