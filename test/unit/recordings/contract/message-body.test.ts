import fc from 'fast-check';
import {
  buildMessage,
  messageBody,
  parseMessage,
} from '../../../../src/pipelines/recordings/contract/message.js';
import { sourceRows } from '../activities/source-rows.js';

/** What SQS takes: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const ONLY_SENDABLE = /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u;

const bodyWith = (studentId: string): string =>
  messageBody(
    buildMessage(
      { ...sourceRows(1)[0]!, student_id: studentId },
      'trace',
      new Date('2025-12-20T21:00:00.000Z'),
    ),
  );

describe("a message's body", () => {
  test.each(['\uffff', '\ufffe', '\ud800', '\udc00x', '\u0000', '\u000b', '\u001f', '\u007f', '\u{1fffe}'])(
    'holds %j in a form that SQS takes, and is read back as it was',
    (character) => {
      const body = bodyWith(`S-2${character}`);
      expect(body).toMatch(ONLY_SENDABLE);
      expect(parseMessage(body)).toMatchObject({ ok: true, message: { student_id: `S-2${character}` } });
    },
  );

  test('is sendable and read back whatever a text holds', () => {
    const anyText = fc.string({
      unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    });
    fc.assert(
      fc.property(anyText, (text) => {
        const body = bodyWith(text);
        expect(body).toMatch(ONLY_SENDABLE);
        expect(parseMessage(body)).toMatchObject({ ok: true, message: { student_id: text } });
      }),
    );
  });

  test('leaves Devanagari and its joiners as they are', () => {
    expect(bodyWith('क्\u200dष')).toContain('क्\u200dष');
  });
});
