import { readFile } from 'node:fs/promises';
import { CommandMisused } from '../../../commands/command-misused.js';
import { preview } from '../../../platform/text/printable.js';

/** @returns a JSON list, whose items are still to be checked. @throws CommandMisused */
export async function readQuestions(path: string): Promise<unknown[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CommandMisused(`--questions: cannot read ${preview(path)} (${code ?? 'unknown error'})`);
  }
  let questions: unknown;
  try {
    questions = JSON.parse(text);
  } catch {
    // As for JSON that is no list.
  }
  if (!Array.isArray(questions)) {
    throw new CommandMisused(
      `--questions: expected a JSON list of {"text": …, "key_points": […]} in ${preview(path)}`,
    );
  }
  return questions as unknown[];
}
