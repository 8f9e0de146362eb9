import { countFailure } from '../../../../src/workflows/interviews/count-failure.js';

type Ending = Parameters<typeof countFailure>[1];
const lost: Ending = { error_type: 'WorkerLost', again: 'later' };
const away: Ending = { error_type: 'DependencyUnavailable', again: 'later' };
const stopped: Ending = { error_type: 'PlaceGone', again: 'at_once' };

/** What follows from each of the endings, until one is the last. */
function followed(...endings: Ending[]): string[] {
  const run = { attempt: 0, failures: 0, losses: 0 };
  const said: string[] = [];
  for (const ending of endings) {
    run.attempt += 1;
    said.push(countFailure(run, ending));
    if (said.at(-1) === 'never') break;
  }
  return said;
}

const times = (count: number, ending: Ending): Ending[] => Array.from({ length: count }, () => ending);

test('trouble that may pass ends a job with the third failure', () => {
  expect(followed(...times(9, away))).toEqual(['later', 'later', 'never']);
});

test('lost processes end a job with the sixth', () => {
  expect(followed(...times(9, lost))).toEqual([...Array.from({ length: 5 }, () => 'later'), 'never']);
});

test('lost processes leave a job its three attempts, until there are more than three', () => {
  expect(followed(lost, away, lost, away, lost, away)).toEqual([
    'later',
    'later',
    'later',
    'later',
    'later',
    'never',
  ]);
});

test('processes that are stopped count for nothing, until there are twenty', () => {
  const said = followed(...times(30, stopped));
  expect(said.slice(0, 19)).toEqual(Array.from({ length: 19 }, () => 'at_once'));
  expect(said.slice(19)).toEqual(['later', 'later', 'never']);
});

test('what no attempt can mend is the last', () => {
  expect(followed({ error_type: 'MediaRefused', again: 'never' })).toEqual(['never']);
});
