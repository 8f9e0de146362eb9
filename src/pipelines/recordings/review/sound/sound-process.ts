/**
 * A child process of `vachan review`: decodes one recording, draws it, answers with both, and ends.
 */
import type { DecodeLimits } from '../../audio/decode/audio-decoder.js';
import { openDecoder } from '../../audio/decode/open-decoder.js';
import { checkTagSize } from '../../audio/decode/tag-bound.js';
import { SAMPLE_RATE_HZ } from '../../audio/features/analysis.js';
import { drawRecording, type Picture } from '../../report/picture/draw-recording.js';
import { encodeWave } from './wave.js';

export interface SoundRequest {
  path: string;
  limits: DecodeLimits;
}

/** The failure is an error's class: its message may hold what a page must not. */
export type SoundAnswer = { wave: Uint8Array; picture: Picture } | { failure: string };

async function decode({ path, limits }: SoundRequest): Promise<SoundAnswer> {
  try {
    checkTagSize(path);
    const decoder = await openDecoder(limits);
    const { samples } = await decoder.decode(path);
    return {
      wave: encodeWave(samples, SAMPLE_RATE_HZ),
      picture: drawRecording(samples, SAMPLE_RATE_HZ),
    };
  } catch (error) {
    return { failure: error instanceof Error ? error.name : 'unknown' };
  }
}

process.once('message', (request) => {
  void decode(request as SoundRequest).then((answer) => {
    process.send?.(answer, undefined, undefined, () => process.exit(0));
  });
});
