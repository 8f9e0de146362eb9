/** `20 December 2025` */
export function dayInWords(testDate: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(
    new Date(`${testDate}T00:00:00Z`),
  );
}

/** A failure's class in the words of who has to fix it. */
export const FAILURE_WORDS: Readonly<Record<string, string>> = {
  AudioLocationRefused: 'the address is malformed, or points where Vachan may not read',
  AudioNotFound: 'there is no such object',
  AudioForbidden: 'the object store refuses to hand it over: access is denied',
  AudioArchived: 'it lies in an archive tier and has to be restored first',
  AudioKeyUnavailable: 'the key it is encrypted with is disabled, deleted or not for the reader',
  AudioAddressExpired: 'the time of its presigned address is over',
  AudioWrongRegion: 'its bucket lies in another region',
  AudioDownloadFailed: 'every attempt to download it failed',
  AudioDownloadTimeout: 'every attempt to download it took too long',
  AudioEmpty: 'the file holds no bytes',
  AudioTooLarge: 'it has more bytes than AUDIO_MAX_BYTES allows',
  AudioTooComplex: 'decoding it takes more memory than AUDIO_MEMBER_MEMORY_MB allows',
  AudioTooLong: 'it lasts longer than AUDIO_MAX_SECONDS allows',
  AudioUndecodable: 'it is no audio that the decoder knows, or it is damaged',
  AudioTruncated: 'it ends before its container says',
  AudioDecoderCrashed: 'the process that decoded it died or hung',
};
