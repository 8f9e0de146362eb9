import { BSON } from 'mongodb';
import { answerOf, readCommand, resumesStream } from '../../../../tools/chaos/mongo-wire.js';

/** An answer is framed as a command is. */
const command = (document: BSON.Document): Buffer => answerOf(7, document);

const STATEMENT = { q: { _id: 1 }, u: { $set: { status: '1' } } };

test('reads statements that stand within their command', () => {
  expect(readCommand(command({ update: 'jobs', updates: [STATEMENT] }))).toMatchObject({
    ...{ name: 'update', collection: 'jobs', documents: [STATEMENT] },
  });
  expect(readCommand(command({ insert: 'jobs', documents: [{ _id: 1 }] }))?.documents).toEqual([{ _id: 1 }]);
});

test('reads statements that follow their command', () => {
  const head = command({ update: 'jobs' });
  const body = Buffer.from(BSON.serialize(STATEMENT));
  const name = Buffer.from('updates\0');
  const section = Buffer.alloc(5 + name.length + body.length);
  section.writeUInt8(1, 0);
  section.writeInt32LE(4 + name.length + body.length, 1);
  name.copy(section, 5);
  body.copy(section, 5 + name.length);
  expect(readCommand(Buffer.concat([head, section]))?.documents).toEqual([STATEMENT]);
});

test('reads a command without statements as it is', () => {
  const found = readCommand(command({ find: 'parts', filter: { job_id: '1' } }));
  expect(found).toMatchObject({ name: 'find', documents: [{ find: 'parts', filter: { job_id: '1' } }] });
});

test.each([
  ['a token', { resumeAfter: { _data: '82' } }, true],
  ['a token, also of the end of a collection', { startAfter: { _data: '82' } }, true],
  ['a time', { startAtOperationTime: new BSON.Timestamp({ t: 7, i: 1 }) }, true],
  ['nothing', {}, false],
])('knows a change stream that goes on from %s', (_, stage, isResumed) => {
  const pipeline = [{ $changeStream: stage }, { $match: {} }];
  expect(resumesStream(readCommand(command({ aggregate: 'jobs', pipeline }))!)).toBe(isResumed);
});

test('takes no other aggregation, and no look for what comes next, for a change stream that goes on', () => {
  for (const one of [
    { aggregate: 'jobs', pipeline: [{ $match: {} }] },
    { getMore: 7, collection: 'jobs' },
  ]) {
    expect(resumesStream(readCommand(command(one))!)).toBe(false);
  }
});
