import type { ContentMeasures, TranscriptMeasures } from '../../contract/audio-measures.js';
import type { Question } from '../../contract/job.js';

/** A transcript that is there. */
export type Transcript = Exclude<TranscriptMeasures, { absent: unknown }>;
export type FoundContent = Exclude<ContentMeasures, { absent: unknown }>;

export interface SaidContent {
  transcript: Transcript;
  questions: readonly Question[];
}

/** Says what a transcript holds. A plug: rules in the process, or a service. */
export interface ContentAnalyser {
  /** @throws the signal's reason when it aborts, and whatever keeps it from an answer */
  analyse(said: SaidContent, signal?: AbortSignal): Promise<FoundContent>;
  close(): void;
}

/** `content` of a result: an engine that fails leaves it absent, and the other measures as they are. */
export async function reduceContent(
  analyser: ContentAnalyser | 'off',
  { transcript, questions }: { transcript: TranscriptMeasures; questions: readonly Question[] },
  signal?: AbortSignal,
): Promise<ContentMeasures> {
  if (analyser === 'off') return { absent: 'switched_off' };
  if ('absent' in transcript) return { absent: 'no_transcript' };
  try {
    return await analyser.analyse({ transcript, questions }, signal);
  } catch {
    signal?.throwIfAborted();
    return { absent: 'engine_failed' };
  }
}
