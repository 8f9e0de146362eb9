import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import * as objects from '../../../../src/objects/errors.js';
import { createAudioFetcher } from '../../../../src/pipelines/recordings/audio/fetch-audio.js';
import { parseAudioLocation } from '../../../../src/pipelines/recordings/audio/audio-location.js';
import { toAudioError } from '../../../../src/pipelines/recordings/audio/object-errors.js';
import { AudioError } from '../../../../src/pipelines/recordings/errors.js';
import { loadSettings } from '../../../../src/platform/config/load-settings.js';
import { DependencyUnavailable, VachanError } from '../../../../src/platform/errors.js';
import { refuse, startFakeStore, type FakeStore } from '../../shared/objects/fake-store.js';
import { BASE_SETTINGS } from '../../../../src/platform/config/base-settings.js';
import { RECORDINGS_SETTINGS } from '../../../../src/pipelines/recordings/settings/index.js';

const { ObjectError: _base, ...errors } = objects;
/** As results, CSV and histories have them. */
const NAMES: Record<keyof typeof errors, string> = {
  AddressRefused: 'AudioLocationRefused',
  AddressExpired: 'AudioAddressExpired',
  ObjectNotFound: 'AudioNotFound',
  ObjectForbidden: 'AudioForbidden',
  ObjectArchived: 'AudioArchived',
  ObjectEmpty: 'AudioEmpty',
  ObjectTooLarge: 'AudioTooLarge',
  EncryptionKeyUnavailable: 'AudioKeyUnavailable',
  WrongRegion: 'AudioWrongRegion',
  DownloadFailed: 'AudioDownloadFailed',
  DownloadTimeout: 'AudioDownloadTimeout',
  ContentTruncated: 'AudioTruncated',
  ContentUndecodable: 'AudioUndecodable',
};

test.each(Object.entries(errors))('%s is an error of audio that is as final', (name, Class) => {
  const cause = new Error('the original');
  const error = new Class('Object is so and so', { cause });
  const audioError = toAudioError(error);
  expect(audioError).toBeInstanceOf(AudioError);
  expect(audioError).toMatchObject({ retryable: error.retryable, cause });
  expect((audioError as VachanError).name).toBe(NAMES[name as keyof typeof NAMES]);
});

test('no two errors of objects are one of audio', () => {
  const names = Object.values(errors).map((Class) => (toAudioError(new Class('')) as VachanError).name);
  expect(new Set(names).size).toBe(names.length);
});

test.each([
  ['Address refused: expected https: http://h/a', 'Audio address refused: expected https: http://h/a'],
  [
    'Address refused: a redirect leads to h, where objects may not be read (X)',
    'Audio address refused: a redirect leads to h, where audio may not be read (X)',
  ],
  ['Object is archived: restore s3://b/a (403)', 'Audio object is archived: restore s3://b/a (403)'],
  ['Content has at least 9 bytes, the limit is 8', 'Audio has at least 9 bytes, the limit is 8'],
  ['No such object: s3://b/Object (404)', 'No such audio object: s3://b/Object (404)'],
  ['No such bucket: s3://b/a (404)', 'No such bucket: s3://b/a (404)'],
])('%s: %s', (message, words) => {
  expect(toAudioError(new objects.ObjectNotFound(message))).toMatchObject({ message: words });
});

test('what is not about an object stays what it is', () => {
  for (const other of [new DependencyUnavailable('down'), new Error('a defect'), 'no error']) {
    expect(toAudioError(other)).toBe(other);
  }
});

test('an address that is refused is AudioLocationRefused, with the same words as ever', () => {
  expect(() => parseAudioLocation('http://h.example/a.wav', { allowedHosts: [] })).toThrow(
    expect.objectContaining({
      name: 'AudioLocationRefused',
      message: 'Audio address refused: expected https: http://h.example/a.wav',
    }) as Error,
  );
});

describe('the fetcher of a worker', () => {
  let store: FakeStore | undefined;
  afterEach(() => store?.close());

  async function fetchFrom(listener: RequestListener, address: (origin: string) => string): Promise<unknown> {
    store = await startFakeStore(listener);
    const { fetchAudio, close } = createAudioFetcher(
      loadSettings(
        {
          AWS_REGION: 'ap-south-1',
          AWS_ENDPOINT_URL: store.origin,
          SQS_QUEUE_URL: 'http://127.0.0.1:1/0/recordings',
          MONGO_URI: 'mongodb://127.0.0.1:1',
          S3_RETRY_BACKOFF_SECONDS: '0',
        },
        BASE_SETTINGS,
        RECORDINGS_SETTINGS,
      ),
    );
    const fetched = fetchAudio(address(store.origin), join(store.folder, 'a'), new AbortController().signal);
    return fetched.catch((error: unknown) => error).finally(close);
  }
  const presigned = (origin: string): string => `${origin}/readings/a.wav?X-Amz-Signature=secret`;

  test('names a store’s refusal in words of audio', async () => {
    const missing = await fetchFrom((_request, response) => refuse(response, 404, 'NoSuchKey'), presigned);
    expect(missing).toMatchObject({ name: 'AudioNotFound' });
    expect((missing as Error).message).toMatch(/^No such audio object: http:.*a\.wav \(404 NoSuchKey\)$/);
  });

  test('names what is wrong with an address so', async () => {
    const refused = await fetchFrom(
      () => undefined,
      () => 'ftp://h.example/a.wav',
    );
    expect(refused).toMatchObject({ name: 'AudioLocationRefused' });
  });

  test('names the settings that a redirect came up against', async () => {
    const refused = await fetchFrom(
      (_request, response) => response.writeHead(302, { location: 'https://other.example/a.wav' }).end(),
      presigned,
    );
    expect(refused).toMatchObject({
      name: 'AudioLocationRefused',
      message:
        'Audio address refused: a redirect leads to other.example, where audio may not be read (AUDIO_ALLOWED_HOSTS, AUDIO_ALLOWED_BUCKETS)',
    });
  });
});
