import * as objects from '../../../objects/errors.js';
import * as audio from '../errors.js';

/** What each error of an object means for the audio in it: the names that results, CSV and counts by cause know. */
const AUDIO_ERRORS: Readonly<
  Record<
    Exclude<keyof typeof objects, 'ObjectError'>,
    new (message: string, options?: ErrorOptions) => audio.AudioError
  >
> = {
  AddressRefused: audio.AudioLocationRefused,
  AddressExpired: audio.AudioAddressExpired,
  ObjectNotFound: audio.AudioNotFound,
  ObjectForbidden: audio.AudioForbidden,
  ObjectArchived: audio.AudioArchived,
  ObjectEmpty: audio.AudioEmpty,
  ObjectTooLarge: audio.AudioTooLarge,
  EncryptionKeyUnavailable: audio.AudioKeyUnavailable,
  WrongRegion: audio.AudioWrongRegion,
  DownloadFailed: audio.AudioDownloadFailed,
  DownloadTimeout: audio.AudioDownloadTimeout,
  ContentTruncated: audio.AudioTruncated,
  ContentUndecodable: audio.AudioUndecodable,
};

/** Which object a message is about, in words of audio. */
const WORDS: readonly [general: RegExp, particular: string][] = [
  [/^Address\b/, 'Audio address'],
  [/^Object\b/, 'Audio object'],
  [/^Content\b/, 'Audio'],
  [/^No such object\b/, 'No such audio object'],
  [/, where objects may not be read\b/, ', where audio may not be read'],
];

/** The error of audio that an error of its object is; any other stays what it is. */
export function toAudioError(error: unknown): unknown {
  if (!(error instanceof objects.ObjectError)) return error;
  const AudioErrorOfName = AUDIO_ERRORS[error.name as keyof typeof AUDIO_ERRORS];
  const message = WORDS.reduce(
    (text, [general, particular]) => text.replace(general, particular),
    error.message,
  );
  return new AudioErrorOfName(message, error.cause === undefined ? {} : { cause: error.cause });
}
