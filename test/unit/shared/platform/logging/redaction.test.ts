import fc from 'fast-check';
import { RECORDINGS_SECRET_WORDS } from '../../../../../src/pipelines/recordings/log-events.js';
import { createRedactor } from '../../../../../src/platform/logging/redactor.js';
import { recordingLogger } from '../../../../../src/platform/logging/recording-logger.js';

const redactText = createRedactor([RECORDINGS_SECRET_WORDS]).text;

/** Letters that occur in no field name, so that a leak is found whatever form it takes. */
const CHILD = 'QZXJ-4711';
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const SIGNED = `https://b.s3.amazonaws.com/k.wav?X-Amz-Credential=AKIAIOSFODNN7EXAMPLE&X-Amz-Signature=${CHILD}`;

const hostileFields: Record<string, unknown>[] = [
  { student_id: CHILD },
  { studentId: CHILD, UDISE: CHILD, 'udise-code': CHILD },
  { item: { source: [{ student_id: CHILD, udise: CHILD }] } },
  { dedupe_key: `["records","${CHILD}"]` },
  { body: `{"student_id":"${CHILD}"}` },
  { note: `{"student_id":"${CHILD}","udise":"${CHILD}"}` },
  { note: JSON.stringify(JSON.stringify({ student_id: CHILD, udise: CHILD })) },
  { note: `student_id=${CHILD} udise: '${CHILD}'` },
  { note: JSON.stringify({ student_id: `4"${CHILD}`, udise: `\\"${CHILD}` }) },
  { error: new Error(`E11000 duplicate key error dup key: { dedupe_key: "[\\"r\\",\\"${CHILD}\\"]" }`) },
  { error: new Error(`E11000 duplicate key error dup key: { dedupe_key: "["r","${CHILD}"]" }`) },
  { note: `row studentId: "${CHILD} with spaces" refused` },
  { url: SIGNED },
  { url: new URL(SIGNED) },
  { url: `s3://bucket/key?versionId=${CHILD}` },
  { url: `s3://bucket/key?X-Amz-Signature=${CHILD}` },
  { url: `s3://bucket/key#X-Amz-Security-Token=${CHILD}` },
  { url: `https://h/k?name=first ${CHILD}` },
  { url: `https://h/k#${CHILD}` },
  { note: `GET ${SIGNED}, then again (${SIGNED})` },
  { note: `GET /bucket/key?X-Amz-Signature=${CHILD}` },
  { note: encodeURIComponent(SIGNED) },
  { [SIGNED]: 1 },
  { error: new Error(`GET ${SIGNED} answered 403`) },
  { error: new Error('outer', { cause: new Error(SIGNED, { cause: `student_id: ${CHILD}` }) }) },
  { error: new AggregateError([new Error(SIGNED)], 'all failed') },
  { error: Object.assign(new Error('x'), { stack: `Error: x\n    at ${SIGNED}` }) },
  { uri: `mongodb+srv://user:${CHILD}@cluster.example.net/db` },
  { uri: `mongodb://user:p@ss/w?${CHILD}@host:27017/db?authSource=admin` },
  { note: `cannot reach postgresql://vachan:${CHILD}@db:5432/x?sslmode=require` },
  { note: `host=db user=vachan password=${CHILD} dbname=x` },
  { note: `proxy http://user:${CHILD}@proxy:3128 refused` },
  { note: 'key AKIAIOSFODNN7EXAMPLE is not valid' },
  { note: `secret ${SECRET} is not valid` },
  { config: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: SECRET, sessionToken: CHILD } },
  { note: `AWS_SECRET_ACCESS_KEY=${SECRET} AWS_SESSION_TOKEN=${CHILD}` },
  { headers: { authorization: `Bearer ${CHILD}` } },
  { note: `Authorization: Bearer ${CHILD}` },
  { list: new Set([SIGNED]), map: new Map([['student_id', CHILD]]) },
];

describe('redaction', () => {
  it.each(hostileFields.map((fields, index) => [index, fields] as const))(
    'keeps secrets out of the line of hostile value %i',
    (_index, fields) => {
      const log = recordingLogger('debug', [RECORDINGS_SECRET_WORDS]);
      log.error('unexpected_error', fields);
      log.child(fields).error('unexpected_error');
      expect(log.text).toHaveLength(2);
      for (const line of log.text) {
        expect(line).not.toContain(CHILD);
        expect(line).not.toContain('AKIA');
        expect(line).not.toContain('wJalrXUtnFEMI');
        expect(line).toContain('[redacted]');
      }
    },
  );

  it('leaves what an operator needs', () => {
    const readable = [
      'student_id: expected string; udise: too_big',
      'student_id must be a string',
      's3://recordings/2025/12/20/Reading_0001@2x.wav',
      's3://recordings/take#2 (again).m4a',
      'no object s3://recordings/why?.m4a',
      'https://sqs.ap-south-1.amazonaws.com/123456789012/vachan-jobs',
      'discovery:student_assessment_record:2025-12-20',
      'a0f1c2d3e4b5968778695a4b3c2d1e0ff0e1d2c3b4a5968778695a4b3c2d1e0f',
      '356a192b7913b04c54574d18c28d46e6395428ab',
      'Is this right? Yes = no',
    ];
    expect(readable.map(redactText)).toEqual(readable);
  });

  it('keeps the URL before its query, and the host behind the credentials', () => {
    expect(redactText(`GET ${SIGNED} failed`)).toBe('GET https://b.s3.amazonaws.com/k.wav?[redacted] failed');
    expect(redactText('mongodb://u:p@db:27017/vachan')).toBe('mongodb://[redacted]@db:27017/vachan');
  });

  it('knows the words that are handed in, and no others', () => {
    const words = { names: ['badge_no', 'badge'], lists: ['badge_list'] };
    const { text, hides } = createRedactor([words]);
    expect(text('badgeNo: 7, "badge": "8", BADGE_LIST=["9","10"] gone')).toBe(
      'badgeNo: [redacted], "badge": [redacted], BADGE_LIST=[redacted] gone',
    );
    expect(['badgeNo', 'badge-list', 'Password', 'badger'].map(hides)).toEqual([true, true, true, false]);
    const nothing = createRedactor([]);
    expect(nothing.text('badge: 7, student_id: 8')).toBe('badge: 7, student_id: 8');
    expect(nothing.hides('student_id')).toBe(false);
  });

  it('never lets a query through, whatever stands around the URL', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9 (),.:'-]{0,20}$/);
    fc.assert(
      fc.property(word, word, fc.stringMatching(/^[a-z]{1,8}$/), (before, after, name) => {
        const line = redactText(`${before} https://h/k?${name}=${CHILD}&x=${CHILD} ${after}`);
        expect(line).not.toContain(CHILD);
      }),
    );
  });

  it('bounds what it searches and writes, also where the text is made to be slow', () => {
    for (const unit of ['a', '?', 'a://', '?a=', 'student_id:', '\\"', 'mongodb://', 'password=']) {
      expect(redactText(unit.repeat(300_000)).length).toBeLessThan(9_000);
    }
  });
});
