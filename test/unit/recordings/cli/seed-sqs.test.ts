import { join } from 'node:path';
import { cli, fakeQueue } from '../../shared/cli/fake-context.js';
import { folder, removeFolder, file, environment, URL_A, URL_B, messagesOf } from './message-files.js';

afterAll(removeFolder);

describe('vachan seed-sqs', () => {
  test('makes recordings of their own that take turns with the addresses', async () => {
    const queue = fakeQueue();
    const args = ['--count', '3', '--audio-url', URL_A, '--audio-url', URL_B, '--test-date', '2025-12-20'];
    const { code } = await cli(['seed-sqs', ...args], { environment, ...queue });
    expect(code).toBe(0);
    expect(messagesOf(queue.sent).map(({ audio_s3_url }) => audio_s3_url)).toEqual([URL_A, URL_B, URL_A]);
    expect(new Set(queue.sent.map(({ deduplicationId }) => deduplicationId)).size).toBe(3);
  });

  test("sends a file's messages as they are, and tells the malformed ones by line", async () => {
    const dry = await cli([
      'seed-sqs',
      '--count',
      '1',
      '--audio-url',
      URL_A,
      '--test-date',
      '2025-12-20',
      '--dry-run',
    ]);
    const path = file('messages.jsonl', dry.out[0] ?? '', '', '{"a":', '{"student_id":"child"}');
    const queue = fakeQueue();
    const { code, err } = await cli(['seed-sqs', '--messages', path], { environment, ...queue });
    expect(code).toBe(1);
    expect(queue.sent.map(({ body }) => body)).toEqual(dry.out);
    expect(err[0]).toBe(`${path}:3: not sent: not JSON`);
    expect(err[1]).toMatch(/messages\.jsonl:4: not sent: .*test_date: expected string/);
    expect(err.join('\n')).not.toContain('child');
    expect(err.at(-1)).toBe('1 sent, 2 not usable.');
  });

  test.each([
    [['seed-sqs'], /at least one --audio-url/],
    [['seed-sqs', '--audio-url', URL_A], /No message can be made: no test_date/],
    [['seed-sqs', '--messages', join(folder, 'nowhere.jsonl')], /nowhere\.jsonl cannot be read: ENOENT/],
  ])('refuses %j in one line', async (args, message) => {
    const { code, err } = await cli(args, { environment, ...fakeQueue() });
    expect(code).toBe(1);
    expect(err.join('\n')).toMatch(message);
  });
});
