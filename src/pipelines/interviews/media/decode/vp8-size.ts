/**
 * The size that a keyframe of VP8 is coded in (RFC 6386, 9.1), which may change in the middle of a call.
 *
 * @returns e.g. "640x360"; undefined when it is no keyframe
 */
export function vp8Size(frame: Buffer): string | undefined {
  const isKeyframe = frame.length >= 10 && (frame[0]! & 1) === 0 && frame.readUIntBE(3, 3) === 0x9d012a;
  return isKeyframe ? `${frame.readUInt16LE(6) & 0x3fff}x${frame.readUInt16LE(8) & 0x3fff}` : undefined;
}
