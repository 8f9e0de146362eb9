/** FFmpeg's own numbers, by what they are called here. */
export const AV = {
  mediaTypeVideo: 0,
  mediaTypeAudio: 1,
  noTimestamp: -0x8000000000000000n,
  attachedPicture: 0x400,
  discardAll: 48,
  seekBackward: 1,
  seekSize: 0x10000,
  packetCorrupt: 2,
  /** Decoded for those after it, and not shown: an edit list cuts it off. */
  packetDiscard: 4,
  /** Of a display matrix among a stream's side data. */
  displayMatrix: 5,
  pixelFormatRgb24: 2,
  sampleFormatFloat: 3,
  sampleFormatFloatPlanar: 8,
  unspecifiedOrder: 0,
  nativeOrder: 1,
  monoLayout: { nbChannels: 1, order: 1, mask: 4n },
  stereoLayout: { nbChannels: 2, order: 1, mask: 3n },
  logQuiet: -8,
  errorEof: -541478725,
  errorAgain: -11,
  errorIo: -5,
} as const;
