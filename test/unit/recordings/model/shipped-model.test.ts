import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadModel } from '../../../../src/pipelines/recordings/model/load-model.js';

const ROOT = join(__dirname, '..', '..', '..', '..');
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

  it('finds a good reading normal, and a silent version of it not', async () => {
    const model = await load();
    const reading = rows[parity.scores.indexOf(Math.min(...parity.scores))]!;
    const silent = reading.map((value, index) => {
      const { name } = model.manifest.features[index]!;
      return name.startsWith('rms_') ? 0 : name === 'mfcc_1_mean' ? -1_100 : value;
    });
    const [normal, anomaly] = await model.score([reading, silent]);
    expect(normal?.prediction_label).toBe('normal');
    expect(anomaly?.prediction_label).toBe('anomaly');
    expect(anomaly?.reasons.map(({ description }) => description)).toContain(
      'much quieter than a normal reading',
    );
  });
});
