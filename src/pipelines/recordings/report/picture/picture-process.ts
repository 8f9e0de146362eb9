/**
 * Entry of a child process that draws one recording and ends. Decoding is C code on bytes from strangers: a crash must
 * cost one picture, not the report.
 */
import { SAMPLE_RATE_HZ } from '../../audio/features/analysis.js';
import type { DecodeLimits } from '../../audio/decode/audio-decoder.js';
import { openDecoder } from '../../audio/decode/open-decoder.js';
import { checkTagSize } from '../../audio/decode/tag-bound.js';
import { drawRecording, type Picture } from './draw-recording.js';

export interface PictureRequest {
  path: string;
  limits: DecodeLimits;
}

/** The failure is an error's class: its message may hold what a report must not. */
export type PictureAnswer = { picture: Picture } | { failure: string };

async function draw({ path, limits }: PictureRequest): Promise<PictureAnswer> {
  try {
    checkTagSize(path);
    const decoder = await openDecoder(limits);
    const { samples } = await decoder.decode(path);
    return { picture: drawRecording(samples, SAMPLE_RATE_HZ) };
  } catch (error) {
    return { failure: error instanceof Error ? error.name : 'unknown' };
  }
}

process.once('message', (request) => {
  void draw(request as PictureRequest).then((answer) => {
    process.send?.(answer, undefined, undefined, () => process.exit(0));
  });
});
