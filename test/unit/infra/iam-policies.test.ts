import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../tools/stack/folders.js';

interface Statement {
  Sid: string;
  Effect: string;
  Action: string | string[];
  Resource: string | string[];
}

const FOLDER = join(projectRoot(), 'infra', 'iam');
const RECORDINGS_ROLES = ['inference', 'operator', 'orchestrator'];
const ROLES = [
  ...['exports-operator', 'exports-orchestrator', 'exports-worker'],
  ...[RECORDINGS_ROLES[0]!, 'interviews-operator', 'interviews-orchestrator', 'interviews-worker'],
  ...RECORDINGS_ROLES.slice(1),
];
const PLACEHOLDERS =
  /^\$\{((Work|Jobs|Tasks)QueueArn|(Jobs|Tasks)?DeadLetterQueueArn|(Recordings|Results|Exports|Media|Series)BucketArn|(Output|State|Series|MetadataTable)Arn)\}(\/\*)?$/;
/** Where objects may be taken away again: a spooled archive, a record of an upload or a listing that is done; what belongs to an erased interview. */
const FORGETS = ['${StateArn}/*', '${SeriesArn}/*'];

const statements = (role: string): Statement[] =>
  (JSON.parse(readFileSync(join(FOLDER, `${role}.json`), 'utf8')) as { Statement: Statement[] }).Statement;

const listed = (value: string | string[]): string[] => [value].flat();

test('every role has its policy and there is no other', () => {
  expect(
    readdirSync(FOLDER)
      .filter((name) => name.endsWith('.json'))
      .sort(),
  ).toEqual(ROLES.map((role) => `${role}.json`));
});

describe.each(ROLES)('the policy of %s', (role) => {
  test('allows named actions only, never a pattern of them', () => {
    for (const { Effect, Action } of statements(role)) {
      expect(Effect).toBe('Allow');
      for (const action of listed(Action)) expect(action).toMatch(/^(sqs|s3|dynamodb):[A-Za-z]+$/);
    }
  });

  test('names the queue or bucket of every permission', () => {
    for (const { Resource } of statements(role)) {
      for (const resource of listed(Resource)) expect(resource).toMatch(PLACEHOLDERS);
    }
  });

  test('may change no queue, no bucket and no identity', () => {
    const actions = statements(role)
      .filter(({ Resource }) => !listed(Resource).every((resource) => FORGETS.includes(resource)))
      .flatMap(({ Action }) => listed(Action));
    expect(
      actions.filter((action) => /:(Create|Set|Purge|Add|Remove|Tag|Update|Put(?!Object$))/.test(action)),
    ).toEqual([]);
    expect(actions).not.toContain('s3:DeleteObject');
  });
});

test('only inference reads recordings', () => {
  const readers = ROLES.filter((role) =>
    statements(role).some(
      ({ Action, Resource }) =>
        listed(Resource).includes('${RecordingsBucketArn}/*') && listed(Action).includes('s3:GetObject'),
    ),
  );
  expect(readers).toEqual(['inference']);
});

test('nobody but inference takes messages out of the work queue', () => {
  const takers = ROLES.filter((role) =>
    statements(role).some(
      ({ Action, Resource }) =>
        listed(Resource).includes('${WorkQueueArn}') && listed(Action).includes('sqs:DeleteMessage'),
    ),
  );
  expect(takers).toEqual(['inference']);
});
