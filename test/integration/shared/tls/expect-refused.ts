import { vachan } from '../cli/run-vachan.js';

/** `vachan doctor` ends with 1 and says why in these words, without a stack trace. */
export async function expectRefused(environment: Record<string, string>, words: RegExp): Promise<void> {
  const { code, stdout, stderr } = await vachan(['doctor'], environment);
  expect(code).toBe(1);
  expect(stdout).toMatch(words);
  expect(stdout + stderr).not.toMatch(/^\s+at |not foreseen/m);
}
