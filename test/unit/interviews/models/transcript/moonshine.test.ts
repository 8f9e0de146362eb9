import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasWeights } from '../../../../../src/pipelines/interviews/models/model-files.js';
import {
  openMoonshine,
  pieceOf,
} from '../../../../../src/pipelines/interviews/models/transcript/moonshine.js';
import { FETCHED_MODEL, modelFolder } from '../../../../../tools/models/verify-models.js';

const second = new Float32Array(16_000).map((_, index) => index);

describe('the piece of a segment', () => {
  it('is its samples alone', () => {
    expect([...pieceOf(second, { start: 0.25, end: 0.5 })]).toEqual([...second.subarray(4_000, 8_000)]);
  });

  it('is filled up with silence where it is too short for the network', () => {
    const piece = pieceOf(second, { start: 0.5, end: 0.51 });
    expect(piece).toHaveLength(1_600);
    expect([...piece.subarray(0, 160)]).toEqual([...second.subarray(8_000, 8_160)]);
    expect(piece.subarray(160).every((sample) => sample === 0)).toBe(true);
  });

  it.each([
    [-0.1, 0.5],
    [0.5, 0.5],
    [0.5, 1.1],
    [NaN, 1],
  ])('is refused from %d to %d s', (start, end) => {
    expect(() => pieceOf(second, { start, end })).toThrow(/expected times in order, from 0 to 1 s/);
  });

  it('is refused when it is longer than the model can listen', () => {
    const minute = new Float32Array(60 * 16_000);
    expect(() => pieceOf(minute, { start: 0, end: 31 })).toThrow(
      'a segment lasts 31 s, expected at most 30 s',
    );
  });
});

test('a model whose weights were not fetched says so, and names what is missing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vachan-moonshine-'));
  try {
    cpSync(join(modelFolder(FETCHED_MODEL), 'manifest.json'), join(folder, 'manifest.json'));
    expect(hasWeights(folder)).toBe(false);
    await expect(openMoonshine(folder)).rejects.toThrow(/artefact .*encoder\.ort cannot be read/);
    expect(hasWeights(modelFolder('silero-vad'))).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
