/** What a medium may ask of the process that reads it. */
export interface MediaLimits {
  maxStreams: number;
  /** Width times height of a coded picture. */
  maxPixels: number;
  maxChannels: number;
  minSampleRate: number;
  maxSampleRate: number;
  maxSeconds: number;
  /** Of all streams. */
  maxPackets: number;
}

export const DEFAULT_MEDIA_LIMITS: MediaLimits = {
  maxStreams: 16,
  // A picture of 4K cinema, on either side. One of twice that takes 200 MB with the pictures that it is predicted from.
  maxPixels: 4096 * 2304,
  maxChannels: 8,
  minSampleRate: 4_000,
  maxSampleRate: 192_000,
  maxSeconds: 8 * 3600,
  // Eight hours of 120 pictures and 100 pieces of sound a second.
  maxPackets: 8 * 3600 * 220,
};
