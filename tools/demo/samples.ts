import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../stack/folders.js';

const manifestSchema = z.object({
  samples: z.array(
    z.object({
      file: z.string(),
      seconds: z.number().nullable(),
      /** `normal` and `anomaly` can be scored; `unusable` must end in a named error. */
      expected: z.enum(['normal', 'anomaly', 'unusable']),
      anomaly: z.string().nullable(),
    }),
  ),
});

/** The shipped recordings by what they are good for; file names within `folder`. */
export interface Samples {
  folder: string;
  normal: string[];
  anomalous: string[];
  corrupt: string[];
  truncated: string[];
  empty: string[];
}

/** @param tiny every recording is the shortest sample: for measuring everything but the audio steps */
export function shippedSamples({ tiny = false }: { tiny?: boolean } = {}): Samples {
  const folder = join(projectRoot(), 'samples');
  const { samples } = manifestSchema.parse(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')));
  const files = (expected: string, anomaly?: string): string[] =>
    samples
      .filter((sample) => sample.expected === expected)
      .filter((sample) => anomaly === undefined || sample.anomaly === anomaly)
      .map(({ file }) => file);
  const shortest = samples
    .filter(({ seconds }) => seconds !== null)
    .reduce((least, sample) => ((sample.seconds ?? 0) < (least.seconds ?? 0) ? sample : least));
  return {
    folder,
    normal: tiny ? [shortest.file] : files('normal'),
    anomalous: tiny ? [shortest.file] : files('anomaly'),
    corrupt: files('unusable', 'corrupt'),
    truncated: files('unusable', 'truncated'),
    empty: files('unusable', 'empty'),
  };
}
