import { z } from 'zod';

const share = z.number().min(0).max(1);
const count = z.number().int().nonnegative();
const finite = z.number().refine(Number.isFinite, 'must be a finite number');

/** How many of how many, and the 95 % interval of their share. */
export const countedShareSchema = z.object({
  found: count,
  of: count,
  value: share,
  low: share,
  high: share,
});

/** What one threshold does to recordings that it was not set on; null where there were none. */
const judgedSchema = z.object({
  /** Flagged of the normal recordings, or of all where nobody has said which are normal. */
  flagged: countedShareSchema.nullable(),
  /** Flagged of the anomalous ones. */
  recall: countedShareSchema.nullable(),
});

/** What a manifest says of a threshold that `vachan calibrate` has set: how, on what, when, and how well it does. */
export const calibrationSchema = z
  .object({
    /** ISO-8601, UTC. */
    calibrated_at: z.string(),
    /** Of the same model before. */
    from_version: z.string().min(1),
    previous_threshold: finite,
    /** On what it was set: labels by people, a reviewer's verdicts on a date's results, or all recordings of a date, taken for normal. */
    on: z.union([
      z.object({
        labels: z.string().describe('name of the file'),
        labels_sha256: z.string(),
        rows: count,
        unread: count,
      }),
      z.object({
        verdicts: z.string().describe('name of the file'),
        verdicts_sha256: z.string(),
        test_date: z.string(),
        source_collection: z.string(),
        rows: count,
        left_out: count.describe('neither set nor judged it'),
      }),
      z.object({
        test_date: z.string(),
        source_collection: z.string(),
        results: count,
        left_out: count.describe('scored by another model'),
      }),
    ]),
    /** The wish: which share of normal recordings, or of the date's, may be flagged. */
    share,
    /** Recordings that set the threshold, and the 95 % interval of the quantile it stands for; null for an end that so few do not give. */
    set_on: z.object({ recordings: count, low: finite.nullable(), high: finite.nullable() }),
    /** Both thresholds on the recordings that were held out. */
    held_out: z.object({ before: judgedSchema, now: judgedSchema }),
  })
  .loose();
export type Calibration = z.infer<typeof calibrationSchema>;
