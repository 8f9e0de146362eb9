import type { Bytes } from './bytes.js';
import type { FrameHeader } from './frame-headers.js';

/** Behind a frame's header, side information has so many bytes, in MPEG 1 and in MPEG 2: of stereo, of mono. */
const SIDE_INFORMATION_BYTES = [32, 17, 9];
const FRAME_HEADER_BYTES = 4;
const CHECKSUM_BYTES = 2;
const VBRI_AT = FRAME_HEADER_BYTES + 32;
/** Xing's flag for a number of frames. */
const HAS_FRAMES = 1;

/** What the first frame of an MP3 file may hold instead of sound. */
export interface XingHeader {
  /** Undefined where it does not say. */
  statedSeconds: number | undefined;
}

/** Reads a Xing, Info or VBRI header; undefined where the frame is one of sound. */
export function xingHeader({ at }: Bytes, offset: number, frame: FrameHeader): XingHeader | undefined {
  const content = at(offset, Math.min(frame.length, 256));
  const seconds = (frames: number): number | undefined =>
    frames > 0 ? (frames * frame.samples) / frame.sampleRate : undefined;
  if (content.toString('latin1', VBRI_AT, VBRI_AT + 4) === 'VBRI' && content.length >= VBRI_AT + 18) {
    return { statedSeconds: seconds(content.readUInt32BE(VBRI_AT + 14)) };
  }
  for (const sideBytes of SIDE_INFORMATION_BYTES) {
    for (const checksumBytes of [0, CHECKSUM_BYTES]) {
      const start = FRAME_HEADER_BYTES + checksumBytes + sideBytes;
      const name = content.toString('latin1', start, start + 4);
      if ((name !== 'Xing' && name !== 'Info') || content.length < start + 12) continue;
      const hasFrames = (content.readUInt32BE(start + 4) & HAS_FRAMES) !== 0;
      return { statedSeconds: hasFrames ? seconds(content.readUInt32BE(start + 8)) : undefined };
    }
  }
  return undefined;
}
