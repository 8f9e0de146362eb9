import { readDownloadTask, readExportJobs } from '../../../../src/pipelines/exports/contract/messages.js';

const task = (changes: object = {}): string =>
  JSON.stringify({
    version: 1,
    source: 'default',
    export_id: 'exp/1',
    first_ordinal: 7,
    files: [
      { ordinal: 7, file_id: 'a', size: 10 },
      { ordinal: 8, file_id: 'b' },
    ],
    correlation_id: 'c-1',
    dispatched_at: '2026-11-27T10:00:00Z',
    ...changes,
  });

describe('messages of export jobs', () => {
  test('the least that names a job is completed', () => {
    expect(readExportJobs('{"version":1,"export_ids":["exp-1"]}')).toEqual({
      message: { version: 1, export_ids: ['exp-1'], source: 'default', priority: 'normal', force: false },
    });
  });

  test('a byte order mark in front of one is left out', () => {
    expect(readExportJobs('\uFEFF{"version":1,"export_ids":["a"]}')).toMatchObject({
      message: { export_ids: ['a'] },
    });
  });

  test.each([
    ['', 'body: expected JSON'],
    ['[]', 'body: expected object'],
    ['{"export_ids":["a"]}', 'version: expected 1, the one version there is'],
    ['{"version":2,"export_ids":["a"]}', 'version: expected 1, the one version there is'],
    ['{"version":1,"export_ids":[]}', 'export_ids: too_small'],
    ['{"version":1,"export_ids":["a\\u0000"]}', /^export_ids\.0: expected 1 to 256 bytes of UTF-8/],
    [`{"version":1,"export_ids":["${'é'.repeat(129)}"]}`, /^export_ids\.0: expected 1 to 256 bytes/],
    ['{"version":1,"export_ids":["a"],"source":"Salesforce"}', /^source: expected 1 to 32 lower-case/],
    ['{"version":1,"export_ids":["a"],"priority":"urgent"}', 'priority: expected one of high, normal, low'],
    ['{"version":1,"export_ids":["a"],"force":"yes"}', 'force: expected boolean'],
  ])('%j is refused in one line', (body, reason) => {
    const read = readExportJobs(body);
    expect('reason' in read && read.reason).toEqual(
      typeof reason === 'string' ? reason : expect.stringMatching(reason),
    );
  });

  test('101 ids are too many', () => {
    const ids = Array.from({ length: 101 }, (_, index) => `exp-${index}`);
    expect(readExportJobs(JSON.stringify({ version: 1, export_ids: ids }))).toEqual({
      reason: 'export_ids: too_big',
    });
  });
});

describe('messages of download tasks', () => {
  test('a pack is read', () => {
    expect(readDownloadTask(task())).toMatchObject({ message: { first_ordinal: 7 } });
  });

  test.each([
    [{ files: [] }, /^files/],
    [{ files: [{ ordinal: 8, file_id: 'b' }] }, 'files: expected ordinals that rise from first_ordinal'],
    [
      {
        files: [
          { ordinal: 7, file_id: 'a' },
          { ordinal: 7, file_id: 'b' },
        ],
      },
      'files: expected ordinals that rise from first_ordinal',
    ],
    [{ first_ordinal: 1_000_000 }, /^first_ordinal/],
    [{ dispatched_at: 'yesterday' }, 'dispatched_at: expected an RFC 3339 time'],
    [{ correlation_id: undefined }, 'correlation_id: expected string'],
  ])('%j is refused in one line', (changes, reason) => {
    const read = readDownloadTask(task(changes));
    expect('reason' in read && read.reason).toEqual(
      typeof reason === 'string' ? reason : expect.stringMatching(reason),
    );
  });
});
