import {
  divide,
  isHeldOut,
  setThreshold,
  type DividedScores,
} from '../../../../src/pipelines/recordings/evaluation/set-threshold.js';

const names = Array.from({ length: 3_000 }, (_, index) => `clips/reading-${index}.wav`);

function divided(identities: readonly string[], scoreOf: (index: number) => number): DividedScores {
  const parts: DividedScores = { setting: [], heldOut: [] };
  identities.forEach((identity, index) => divide(parts, identity, scoreOf(index)));
  return parts;
}

test('a third is held out, by what a recording is and not by where it stands', () => {
  const held = names.filter(isHeldOut);
  // Three standard deviations of a binomial third.
  expect(Math.abs(held.length - 1_000)).toBeLessThan(78);
  expect([...names].reverse().filter(isHeldOut).reverse()).toEqual(held);
  expect([...names, 'one more.wav'].filter(isHeldOut).slice(0, held.length)).toEqual(held);
});

test('the threshold is set on one part and judged on the other, beside the one before', () => {
  const parts = divided(names, (index) => index / 3_000);
  const { set, held_out } = setThreshold(parts, [0.2, 0.97, 0.999], 0.02, 0.95);
  expect(set.normals).toBe(parts.setting.length);
  expect(parts.setting).toContain(set.threshold);
  const { threshold } = set;
  expect(held_out.now.flagged).toMatchObject({
    found: parts.heldOut.filter((score) => score > threshold!).length,
    of: parts.heldOut.length,
  });
  expect(held_out.before.flagged!.found).toBe(parts.heldOut.filter((score) => score > 0.95).length);
  expect(held_out.before.recall).toMatchObject({ found: 2, of: 3 });
  expect(held_out.now.recall).toMatchObject({ found: 1, of: 3 });
});

test('what was held out is flagged as often as wished, over many such lists', () => {
  let [flagged, of] = [0, 0];
  for (let list = 0; list < 60; list++) {
    const identities = Array.from({ length: 300 }, (_, index) => `school-${list}/${index}.wav`);
    // Any order of scores that has nothing to do with the hash.
    const parts = divided(identities, (index) => (index * 7_919 + list) % 300);
    const judged = setThreshold(parts, [], 0.05, 0).held_out.now.flagged!;
    flagged += judged.found;
    of += judged.of;
  }
  // Of some 6,000: five standard deviations.
  expect(Math.abs(flagged / of - 0.05)).toBeLessThan(0.02);
});

test('there is none for too few, and nothing judges where nobody says what is anomalous', () => {
  const few = setThreshold({ setting: [1, 2], heldOut: [3] }, [], 0.02, 1);
  expect(few).toMatchObject({ set: { threshold: null }, held_out: { now: { flagged: null, recall: null } } });
  const many = setThreshold(divided(names, (index) => index), [], 0.02, 1); // prettier-ignore
  expect(many.held_out.now.recall).toBeNull();
});
