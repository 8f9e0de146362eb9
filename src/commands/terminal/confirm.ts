import { createInterface } from 'node:readline/promises';
import { InvalidInput } from '../../platform/errors.js';

/**
 * Asks a question that only `y` or `yes` answers with yes.
 *
 * @throws InvalidInput where nobody can be asked
 */
export async function confirmOnTerminal(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new InvalidInput(`${question} Nobody can be asked here: say --yes.`);
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}
