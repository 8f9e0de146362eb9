import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FEATURE_NAMES } from '../../../../src/pipelines/recordings/audio/features/feature-names.js';
import { impressionOf } from '../../../../src/pipelines/recordings/model/feature-words.js';
import { reasonsFor } from '../../../../src/pipelines/recordings/model/reasons.js';

describe('reasons', () => {
  it('come greatest first, three at most, as shares of the whole score', () => {
    const names = ['rms_mean', 'silence_ratio', 'duration_seconds', 'clipping_ratio'];
    const reasons = reasonsFor(names, [-7, 4, -2, 3.5], [10, 40, 20, 30]);
    expect(reasons).toEqual([
      {
        feature: 'silence_ratio',
        contribution: 0.4,
        deviation: 4,
        description: 'clearly more silent than a normal reading',
      },
      {
        feature: 'clipping_ratio',
        contribution: 0.3,
        deviation: 3.5,
        description: 'clearly more cut off by overload than a normal reading',
      },
      {
        feature: 'duration_seconds',
        contribution: 0.2,
        deviation: -2,
        description: 'somewhat shorter than a normal reading',
      },
    ]);
  });

  it('say the same thing once, for all the features that say it', () => {
    const names = ['silence_ratio', 'rms_mean', 'mfcc_1_mean', 'mfcc_2_mean'];
    const reasons = reasonsFor(names, [4, -8, -9, 3], [40, 30, 29, 1]);
    expect(reasons).toEqual([
      {
        feature: 'rms_mean',
        contribution: 0.59,
        deviation: -8,
        description: 'much quieter than a normal reading',
      },
      expect.objectContaining({ feature: 'silence_ratio', contribution: 0.4 }),
    ]);
  });

  it('say the same thing once whatever its degree, and not its contrary too', () => {
    const names = [
      'level_change_6_ms',
      'level_change_12_ms',
      'level_change_186_ms',
      'rms_mean',
      'mfcc_5_mean',
    ];
    const reasons = reasonsFor(names, [7, 4, -2, 2, 2], [30, 20, 35, 10, 5]);
    expect(reasons.map(({ contribution, description }) => [contribution, description])).toEqual([
      [0.5, 'much quicker to change than a normal reading'],
      [0.1, 'somewhat louder than a normal reading'],
      [0.05, 'somewhat more unusual in timbre than a normal reading'],
    ]);
  });

  it('are none where nothing adds to the score', () => {
    expect(reasonsFor(['rms_mean'], [0], [0])).toEqual([]);
  });

  it('leave out features that are unremarkable alone, unless nothing stands out', () => {
    const names = ['rms_mean', 'silence_ratio'];
    expect(reasonsFor(names, [0.4, 4], [90, 10]).map(({ feature }) => feature)).toEqual(['silence_ratio']);
    expect(reasonsFor(names, [0.4, 0.3], [90, 10])).toEqual([
      {
        feature: 'rms_mean',
        contribution: 1,
        deviation: 0.4,
        description: 'an unusual combination of features, none of which stands out alone',
      },
    ]);
  });

  it('have words for every feature of the shipped model, in both directions', () => {
    const path = join(__dirname, '..', '..', '..', '..', 'models', 'reading-audio', 'manifest.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as { features: { name: string }[] };
    expect(manifest.features.map(({ name }) => name)).toEqual(FEATURE_NAMES);
    for (const { name } of manifest.features) {
      for (const deviation of [-4, 4]) {
        const { description } = impressionOf(name, deviation);
        expect(description).toMatch(/^clearly [a-z0-9 ,]+ than a normal reading$/i);
        expect(description).not.toMatch(/higher in|lower in/);
      }
    }
  });
});
