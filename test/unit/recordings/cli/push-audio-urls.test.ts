import { join } from 'node:path';
import { cli, fakeQueue } from '../../shared/cli/fake-context.js';
import { folder, removeFolder, file, environment, URL_A, URL_B, messagesOf } from './message-files.js';

afterAll(removeFolder);

describe('vachan push-audio-urls', () => {
  const push = (path: string, queue = fakeQueue(), ...args: string[]) =>
    cli(['push-audio-urls', path, '--test-date', '2025-12-20', ...args], { environment, ...queue });

  test('completes what a row leaves out, the same way every time', async () => {
    const path = file('plain.csv', 'audio_url', URL_A);
    const [first, second] = [fakeQueue(), fakeQueue()];
    expect((await push(path, first)).code).toBe(0);
    await push(path, second);
    expect(first.urls).toEqual([environment.SQS_QUEUE_URL]);
    expect(messagesOf(first.sent)).toEqual([
      {
        source_collection: 'direct:student_assessment_record',
        mongo_doc_id: expect.stringMatching(/^url-[0-9a-f]{24}$/) as string,
        test_date: '2025-12-20',
        record_type: 'teacher_record',
        subject_id: 'reading',
        subject_name: 'वाचन',
        audio_s3_url: URL_A,
        source_updated_at: '2025-12-20T00:00:00.000Z',
        subject_created_at: '2025-12-20T00:00:00.000Z',
        student_id: null,
        udise: null,
        trace_id: expect.any(String) as string,
        discovered_at: '2025-12-20T13:45:00.000Z',
      },
    ]);
    expect(second.sent[0]?.groupId).toBe(first.sent[0]?.groupId);
    // Or a FIFO queue would drop what is pushed again within five minutes, and "1 sent" would not be true.
    expect(second.sent[0]?.deduplicationId).not.toBe(first.sent[0]?.deduplicationId);
  });

  test('sends takes whose keys differ behind # or ? as recordings of their own', async () => {
    const queue = fakeQueue();
    const urls = ['take#1.m4a', 'take#2.m4a', 'take?1.m4a', 'take'].map((key) => `s3://recordings/${key}`);
    const path = file('hash.csv', 'audio_url,student_id', ...urls.map((url) => `${url},S-1`));
    const { code, err } = await push(path, queue);
    expect([code, err]).toEqual([0, ['4 sent.']]);
    const messages = messagesOf(queue.sent);
    expect(messages.map(({ audio_s3_url }) => audio_s3_url)).toEqual(urls);
    expect(new Set(messages.map(({ mongo_doc_id }) => mongo_doc_id)).size).toBe(4);
    expect(new Set(queue.sent.map(({ deduplicationId }) => deduplicationId)).size).toBe(4);
  });

  test('takes every field that a row gives, and says which columns it ignored', async () => {
    const given = {
      audio_s3_url: URL_A,
      source_collection: 'readings',
      mongo_doc_id: 'd1',
      source_record_id: 'r1',
      assessment_record_id: 'r1',
      test_date: '2025-12-19',
      record_type: 'admin_record',
      subject_id: 's1',
      subject_name: 'reading',
      subject_created_at: '2025-12-19T05:30:00+05:30',
      source_updated_at: '2025-12-19 01:00Z',
      student_id: 'child',
      udise: '27',
      trace_id: 't1',
      class: '4',
    };
    const queue = fakeQueue();
    const path = file('full.csv', Object.keys(given).join(','), Object.values(given).join(','));
    const { err } = await push(path, queue);
    const { class: _ignored, ...fields } = given;
    expect(messagesOf(queue.sent)).toEqual([
      {
        ...fields,
        subject_created_at: '2025-12-19T00:00:00.000Z',
        source_updated_at: '2025-12-19T01:00:00.000Z',
        discovered_at: '2025-12-20T13:45:00.000Z',
      },
    ]);
    expect(err[0]).toBe(`${path}: columns that no message has were ignored: class`);
  });

  test('tells bad rows by line number, without what must not be shown, and sends the others', async () => {
    const path = file(
      'dirty.csv',
      'audio_url,student_id,record_type',
      `${URL_A},c1,`,
      ',c2,',
      'https://elsewhere.example/x.mp3?X-Amz-Signature=secret,c3,',
      `${URL_B},c4`,
      `${URL_B},c5,principal_record`,
      `${URL_A},c1,`,
      `"s3://recordings/c`,
      `.mp3",c6,`,
      `${URL_B},c7,`,
    );
    const queue = fakeQueue();
    const { code, json, err } = await push(path, queue, '--json');
    expect(code).toBe(1);
    expect(messagesOf(queue.sent).map(({ student_id }) => student_id)).toEqual(['c1', 'c7']);
    expect(json()).toEqual([
      {
        from: path,
        sent: 2,
        duplicates: 1,
        not_sent: [
          { line: 3, problem: 'no audio_url' },
          {
            line: 4,
            problem: expect.stringMatching(
              /neither S3 nor allowed: https:\/\/elsewhere.example\/x.mp3$/,
            ) as string,
          },
          { line: 5, problem: 'more or fewer cells than the first line' },
          { line: 6, problem: 'record_type: invalid_value' },
          { line: 9, problem: expect.stringMatching(/control characters/) as string },
        ],
      },
    ]);
    expect(err).toContain(`${path}:7: left out: the same recording as line 2`);
    expect(err.join('\n')).not.toMatch(/secret|c[1-7]\b/);
  });

  test('shows the messages with --dry-run and opens no queue', async () => {
    const { code, json } = await cli([
      'push-audio-urls',
      file('dry.csv', 'audio_url', URL_A, URL_B),
      '--test-date',
      '2025-12-20',
      '--dry-run',
    ]);
    expect(code).toBe(0);
    expect(json().map(({ audio_s3_url }) => audio_s3_url)).toEqual([URL_A, URL_B]);
  });

  test('sends a file of any length in chunks', async () => {
    const urls = Array.from({ length: 1201 }, (_, index) => `s3://recordings/${index}.mp3`);
    const queue = fakeQueue();
    const { code, err } = await push(file('long.csv', 'audio_url', ...urls), queue);
    expect(code).toBe(0);
    expect(messagesOf(queue.sent).map(({ audio_s3_url }) => audio_s3_url)).toEqual(urls);
    expect(err).toEqual(['1201 sent.']);
  });

  test('tells a message that SQS refused by its line', async () => {
    const failed = [{ index: 1, code: 'MessageTooLarge', reason: 'too large', final: true }];
    const path = file('refused.csv', 'audio_url', URL_A, URL_B);
    const { code, err } = await push(
      path,
      fakeQueue(() => ({ sent: 1, failed })),
    );
    expect(code).toBe(1);
    expect(err).toEqual([`${path}:3: not sent: too large (MessageTooLarge)`, '1 sent, 1 not usable.']);
  });

  test('gives up when nothing goes through any more', async () => {
    const reason = 'SQS did not answer';
    const failed = [0, 1].map((index) => ({ index, code: 'ECONNREFUSED', reason, final: false }));
    const { code, err } = await push(
      file('down.csv', 'audio_url', URL_A, URL_B),
      fakeQueue(() => ({ sent: 0, failed })),
    );
    expect(code).toBe(1);
    expect(err).toEqual(['vachan: Nothing went through from line 2 on; sent before: 0. SQS did not answer']);
  });

  test.each([
    ['a file that is not there', join(folder, 'nowhere.csv'), /There is no file .*nowhere\.csv/],
    ['an empty file', file('empty.csv'), /empty\.csv is empty/],
    ['a file without addresses', file('other.csv', 'name', 'a'), /no column audio_url or audio_s3_url/],
    ['a folder', folder, /cannot be read: EISDIR/],
  ])('refuses %s in one line', async (_what, path, message) => {
    const { code, err } = await push(path);
    expect(code).toBe(1);
    expect(err.join('\n')).toMatch(message);
  });

  test('asks for a test date where neither row nor option names one', async () => {
    const { code, err } = await cli([
      'push-audio-urls',
      file('dateless.csv', 'audio_url', URL_A),
      '--dry-run',
    ]);
    expect(code).toBe(1);
    expect(err[0]).toMatch(/dateless\.csv:2: not sent: no test_date/);
  });
});
