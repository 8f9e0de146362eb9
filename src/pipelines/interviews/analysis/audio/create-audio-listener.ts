import type { SpeechDetector } from '../../models/speech/speech-detector.js';
import { FRAME_SAMPLES, SPEECH_RATE_HZ } from '../../models/speech/speech-segments.js';
import type { AudioListener } from './audio-listener.js';
import { cleanChannels, mixToMono } from './clean-sound.js';
import { startFrameMeasures } from './frame-measures.js';
import { startHeardSound } from './heard-sound.js';
import { startKeptSound } from './kept-sound.js';
import { startPeakMeter } from './loudness/peaks.js';
import { startTenthsMeter } from './loudness/tenths-meter.js';
import { startResampler, type Resampler } from './resampler.js';
import { LONGEST_SILENCE_SECONDS, startSoundClock } from './sound-clock.js';
import { addSpeech, startSpeechIntervals } from './speech-intervals.js';
import { KEPT_SAMPLES, startTranscript, type TranscriptOptions } from './transcript-pieces.js';

export interface ListenerOptions extends TranscriptOptions {
  speech: SpeechDetector;
}

/** Hears one medium: all of its measures from one pass, so that they are the same however the sound is cut into pieces. */
export function createAudioListener({ speech, transcriber, language }: ListenerOptions): AudioListener {
  const [tenths, peaks, frames] = [startTenthsMeter(), startPeakMeter(), startFrameMeasures()];
  const [clock, kept, vad] = [startSoundClock(), startKeptSound(), speech.listen()];
  const transcript = startTranscript({ transcriber, language }, (sample) => clock.timeOf(sample));
  const speaking = startSpeechIntervals({
    timeOf: (sample) => clock.timeOf(sample),
    noiseLevel: () => frames.noiseLevel(),
  });
  const silences: { from: number; to: number }[] = [];
  const heard = startHeardSound();
  let resampler: { of: Resampler; rate: number } | undefined;
  let frame = 0;

  const isFilled = (sample: number): boolean => {
    while (silences[0] !== undefined && silences[0].to <= sample) silences.shift();
    return silences[0] !== undefined && silences[0].from <= sample;
  };
  const judge = async (probabilities: Float32Array): Promise<void> => {
    for (const probability of probabilities) {
      const middle = frame++ * FRAME_SAMPLES + FRAME_SAMPLES / 2;
      frames.next(probability, kept, isFilled(middle) ? undefined : clock.timeOf(middle));
    }
    speaking.push(probabilities, kept);
    await transcript.next(probabilities, kept);
    kept.dropBefore(frame * FRAME_SAMPLES - KEPT_SAMPLES);
  };
  const take = async (pcm16k: Float32Array): Promise<void> => {
    // Bounded runs, whatever the piece: what is kept grows with them.
    for (let from = 0; from < pcm16k.length; from += SPEECH_RATE_HZ) {
      const piece = pcm16k.subarray(from, from + SPEECH_RATE_HZ);
      kept.push(piece);
      await judge(await vad.hear(piece));
    }
  };
  const closeResampler = async (): Promise<void> => {
    if (resampler !== undefined) await take(resampler.of.finish());
    resampler = undefined;
  };
  /** Silence until a gap's end, or a second of it. */
  const skip = async (seconds: number, time: number): Promise<void> => {
    await closeResampler();
    const silence = Math.round(Math.min(seconds, LONGEST_SILENCE_SECONDS) * SPEECH_RATE_HZ);
    silences.push({ from: kept.end, to: kept.end + silence });
    clock.mark(kept.end + silence, time);
    await take(new Float32Array(silence));
  };

  return {
    async hear({ channels: given, rate, start }) {
      const samples = given[0]?.length ?? 0;
      if (samples === 0) return;
      const channels = cleanChannels(given);
      const gap = heard.end === undefined ? 0 : clock.gapBefore(start, heard.end);
      if (heard.end === undefined) clock.mark(0, start);
      else if (gap > 0) await skip(gap, start);
      const begins = heard.end === undefined || gap > 0;
      heard.add({ samples, rate, channels: channels.length }, begins ? start : undefined);
      tenths.hear(channels, rate);
      peaks.hear(channels);
      if (resampler?.rate !== rate) {
        await closeResampler();
        resampler = { of: startResampler(rate), rate };
      }
      await take(resampler.of.hear(mixToMono(channels)));
    },
    async end() {
      if (heard.end === undefined) return undefined;
      await closeResampler();
      await judge(await vad.finish());
      const intervals = speaking.finish(kept.end, kept);
      const written = await transcript.finish(kept.end, kept);
      const { pitch, seconds, ...levels } = frames.finish();
      return {
        ...heard.summary(),
        level: { tenths: tenths.tenths, ...peaks.finish(), ...levels },
        speech: intervals,
        pitch,
        seconds: addSpeech(seconds, intervals),
        speech_engine: { name: speech.name, version: speech.version },
        transcript: written,
      };
    },
  };
}
