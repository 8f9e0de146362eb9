import { readJobsMessage } from '../../../../src/pipelines/interviews/jobs/messages/read-message.js';
import { jobOfKey } from '../../../../src/pipelines/interviews/jobs/messages/key-pattern.js';
import { loadSettings } from '../../../../src/platform/config/load-settings.js';
import { INTERVIEW_JOB_SETTINGS } from '../../../../src/pipelines/interviews/settings/job-settings.js';
import { pick } from '../../../../src/platform/config/settings-table.js';

const job = { interview_id: 'one', interview_type: 'video', bucket: 'media', key: 'staging/one.mp4' };

/** As S3 sends it to SQS. */
const notification = (key: string, eventName = 'ObjectCreated:Put') => ({
  Records: [
    {
      ...{ eventVersion: '2.1', eventSource: 'aws:s3', awsRegion: 'ap-south-1', eventName },
      s3: {
        s3SchemaVersion: '1.0',
        bucket: { name: 'media', arn: 'arn:aws:s3:::media' },
        object: { key, size: 1024, eTag: 'd41d8cd98f00b204e9800998ecf8427e', sequencer: '0A1B2C' },
      },
    },
  ],
});
const written = {
  bucket: 'media',
  key: 'staging/Asha & Ravi +1.mp4',
  etag: 'd41d8cd98f00b204e9800998ecf8427e',
};
const encoded = 'staging/Asha+%26+Ravi+%2B1.mp4';

const byEventBridge = (type: string) => ({
  ...{ version: '0', id: '17793124', 'detail-type': type, source: 'aws.s3', account: '111122223333' },
  detail: {
    ...{ version: '0', bucket: { name: 'media' }, reason: 'PutObject' },
    object: { key: written.key, size: 1024, etag: written.etag, sequencer: '0A1B2C' },
  },
});
const inSns = (message: object) => ({
  ...{ Type: 'Notification', MessageId: 'm', TopicArn: 'arn:aws:sns:ap-south-1:1:media' },
  Message: JSON.stringify(message),
});

const read = (body: object) => readJobsMessage(JSON.stringify(body));

describe('a message of the jobs’ queue', () => {
  test.each([
    ['a job', job, [job]],
    ['a job with its version', { version: 1, ...job }, [job]],
    [
      'jobs',
      { version: 1, jobs: [job, { ...job, interview_type: 'audio' }] },
      [job, { ...job, interview_type: 'audio' }],
    ],
    ['a job inside SNS', inSns(job), [job]],
  ])('may bring %s', (_, body, jobs) => {
    expect(read(body)).toEqual({ ok: true, message: { jobs } });
  });

  test.each([
    ['S3', notification(encoded)],
    ['S3 through SNS', inSns(notification(encoded))],
    ['S3 after an upload in parts', notification(encoded, 'ObjectCreated:CompleteMultipartUpload')],
    ['a store that names events with their service', notification(encoded, 's3:ObjectCreated:Put')],
    ['S3 through EventBridge', byEventBridge('Object Created')],
    ['S3 through EventBridge and SNS', inSns(byEventBridge('Object Created'))],
  ])('may tell of an object by %s, whose key it has as it is', (_, body) => {
    expect(read(body)).toEqual({ ok: true, message: { objects: [written] } });
  });

  test.each([
    ['S3’s test of a new notification', { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'media' }],
    ['a deletion', notification(encoded, 'ObjectRemoved:Delete')],
    ['a deletion by EventBridge', byEventBridge('Object Deleted')],
  ])('is of no further use where it is %s', (_, body) => {
    const result = read(body);
    expect([result.ok, 'notice' in result]).toEqual([false, true]);
  });

  test.each([
    ['no JSON', 'no JSON', /^not JSON/],
    ['a list', '[]', /^body: expected object/],
    [
      'another version',
      JSON.stringify({ version: 2, ...job }),
      /^version: expected 1, the one version there is$/,
    ],
    ['no jobs', JSON.stringify({ version: 1, jobs: [] }), /^jobs: expected 1 or more jobs$/],
    ['a field too many', JSON.stringify({ ...job, secret: 'x' }), /^job: has a field that is not known$/],
    [
      'a job without its key',
      JSON.stringify({ jobs: [{ ...job, key: undefined }] }),
      /^jobs\.0\.key: expected a string$/,
    ],
    [
      'another type',
      JSON.stringify({ ...job, interview_type: 'secret' }),
      /^interview_type: expected one of video, audio$/,
    ],
    ['a path that leads out', JSON.stringify({ ...job, key: 'a/../secret' }), /^key: expected a key of/],
    [
      'an event without a key',
      JSON.stringify({ Records: [{ eventSource: 'aws:s3', eventName: 'ObjectCreated:Put' }] }),
      /names no object/,
    ],
    ['a key that is not encoded', JSON.stringify(notification('100%.mp4')), /names no object/],
  ])('is malformed with %s, and its values are not quoted', (_, body, reason) => {
    const result = readJobsMessage(body);
    expect(result).toMatchObject({ ok: false, reason: expect.stringMatching(reason) as string });
    expect(JSON.stringify(result)).not.toContain('secret');
  });
});

describe('a key that names a job', () => {
  const patternOf = (text: string | undefined) =>
    loadSettings({ INTERVIEW_KEY_PATTERN: text }, pick(INTERVIEW_JOB_SETTINGS, 'INTERVIEW_KEY_PATTERN'))
      .INTERVIEW_KEY_PATTERN;
  const pattern = '^staging/(?<interview_id>[^/]+)/(?<interview_type>video|audio)\\.\\w+$';
  const of = (key: string) => jobOfKey(patternOf(pattern), { bucket: 'media', key, etag: undefined });

  test('is found by the pattern, and no other key is', () => {
    expect(of('staging/one/video.webm')).toEqual({
      ...{ interview_id: 'one', interview_type: 'video' },
      ...{ bucket: 'media', key: 'staging/one/video.webm' },
    });
    expect(of('staging/one/notes.txt')).toBeUndefined();
    expect(of('other/one/video.webm')).toBeUndefined();
    expect(
      jobOfKey(patternOf(undefined), { bucket: 'media', key: 'a/video', etag: undefined }),
    ).toBeUndefined();
  });

  test.each(['(?<interview_id>.+', '(?<interview_id>.+)', 'video', '(?<interview_type>video)'])(
    'cannot be had by the pattern %j, and the setting says what it takes',
    (text) => {
      expect(() => patternOf(text)).toThrow(
        /INTERVIEW_KEY_PATTERN.*named groups interview_id and interview_type/s,
      );
    },
  );
});
