import type {
  TimeSpan,
  TranscriptPart,
  TranscriptAbsent,
  TranscribedSpeech,
} from '../../contract/audio-part.js';
import { SPEECH_RATE_HZ, startCutting, type SpeechSegment } from '../../models/speech/speech-segments.js';
import { SPEECH_FOR_MOONSHINE } from '../../models/transcript/moonshine.js';
import type { Transcriber } from '../../models/transcript/transcriber.js';
import type { KeptSound } from './kept-sound.js';

/** Speech is given to a transcriber at most so many seconds after its first sample: its longest piece, a pause, and a run of the VAD. */
const KEPT_SECONDS = (SPEECH_FOR_MOONSHINE.maxSpeechSeconds ?? 30) + 6;
export const KEPT_SAMPLES = KEPT_SECONDS * SPEECH_RATE_HZ;

/** Has speech written down while the sound goes on. */
export interface TranscriptPieces {
  next(probabilities: Float32Array, sound: KeptSound): Promise<void>;
  finish(samples: number, sound: KeptSound): Promise<TranscriptPart>;
}

export interface TranscriptOptions {
  /** None: why. */
  transcriber: Transcriber | { absent: TranscriptAbsent };
  /** Such as `en` or `en-GB`. */
  language: string;
}

/** @param timeOf a sample's time on the container's clock, in seconds */
export function startTranscript(
  { transcriber, language: tag }: TranscriptOptions,
  timeOf: (sample: number) => number,
): TranscriptPieces {
  // Of "en-GB", what transcribers tell apart.
  const language = tag.toLowerCase().split(/[-_]/)[0]!;
  const without = absence(transcriber, language);
  if (without !== undefined) return { next: async () => {}, finish: () => Promise.resolve(without) };
  const engine = transcriber as Transcriber;
  const cutter = startCutting(SPEECH_FOR_MOONSHINE);
  const written: TranscribedSpeech[] = [];
  let heard = 0;
  let failed = false;

  const write = async (segments: readonly SpeechSegment[], sound: KeptSound): Promise<void> => {
    for (const segment of failed ? [] : segments) {
      const span = samplesOf(segment);
      const pcm = sound.slice(span.start, span.end);
      const seconds = pcm.length / SPEECH_RATE_HZ;
      heard += seconds;
      const texts = await engine
        .transcribe(pcm, [{ start: 0, end: seconds }], { language })
        .catch(() => undefined);
      // One piece that is missing would make the others say something else.
      failed = texts === undefined;
      const text = texts
        ?.map((one) => one.text)
        .join(' ')
        .trim();
      if (text) written.push({ start: timeOf(span.start), end: timeOf(span.end), text });
    }
  };
  return {
    next: (probabilities, sound) => write(cutter.push(probabilities), sound),
    async finish(samples, sound) {
      await write(cutter.finish(samples), sound);
      if (failed) return { absent: 'engine_failed' };
      return {
        language,
        engine: { name: engine.name, version: engine.version },
        segments: written,
        heard_seconds: heard,
      };
    },
  };
}

function absence(
  transcriber: TranscriptOptions['transcriber'],
  language: string,
): { absent: TranscriptAbsent } | undefined {
  if ('absent' in transcriber) return transcriber;
  const { languages } = transcriber;
  return languages === undefined || languages.includes(language) ? undefined : { absent: 'language_unknown' };
}

const samplesOf = ({ start, end }: TimeSpan): TimeSpan => ({
  start: Math.round(start * SPEECH_RATE_HZ),
  end: Math.round(end * SPEECH_RATE_HZ),
});
