import type { RandomFrom } from './sample.js';
import type { SampledRecording } from './sample-reader.js';
import type { Sound, Sounds, Unplayable } from './sound/sounds.js';
import type { Verdict } from './verdicts/verdict-csv.js';
import type { VerdictFile } from './verdicts/verdict-file.js';

/** What is told of a recording once it was judged, or when somebody asks. */
export interface Revealed {
  result_document_id: string;
  sample: SampledRecording['sample'];
  /** From which results those that are `random` were drawn. */
  random_from: RandomFrom;
  is_anomaly: boolean;
  anomaly_score: number;
  threshold: number | null;
  reasons: { description: string; contribution: number }[];
}

/** How a sample was drawn. */
export interface DrawnSample {
  top: number;
  random: number;
  randomFrom: RandomFrom;
}

/** A sample that is being judged. Recordings are named by their place in playing order. */
export interface Review {
  readonly testDate: string;
  readonly drawn: DrawnSample;
  /** The verdict of each recording, in playing order. */
  verdicts(): (Verdict | null)[];
  sound(place: number): Promise<Sound | Unplayable>;
  reveal(place: number): Revealed;
  /** @throws DependencyUnavailable when it could not be saved; it does not count then */
  judge(place: number, verdict: Verdict): Promise<void>;
}

export function createReview(options: {
  testDate: string;
  drawn: DrawnSample;
  recordings: readonly SampledRecording[];
  sounds: Sounds;
  file: VerdictFile;
  now: () => Date;
}): Review {
  const { testDate, drawn, recordings, sounds, file, now } = options;
  return {
    testDate,
    drawn,
    verdicts: () => recordings.map(({ id }) => file.verdicts.get(id)?.verdict ?? null),
    sound: (place) => sounds.get(recordings[place]!.address),
    reveal: (place) => {
      const { id, sample, isAnomaly, score, threshold, reasons } = recordings[place]!;
      return {
        result_document_id: id,
        sample,
        random_from: drawn.randomFrom,
        is_anomaly: isAnomaly,
        anomaly_score: score,
        threshold,
        reasons: reasons.map(({ description, contribution }) => ({ description, contribution })),
      };
    },
    judge: (place, verdict) => {
      const { id, sample } = recordings[place]!;
      return file.save({ result_document_id: id, verdict, sample, reviewed_at: now().toISOString() });
    },
  };
}
