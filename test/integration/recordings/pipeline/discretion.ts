import { CHILD_MARK, SCHOOL_MARK, SIGNATURE_MARK } from './recordings.js';
import type { ExitStatus, WorkerProcess } from './worker-process.js';

/** What no process may ever write to its streams, and no workflow into its history. */
export const SECRETS: readonly string[] = [
  CHILD_MARK,
  SCHOOL_MARK,
  SIGNATURE_MARK,
  // A key that only message bodies have, as JSON and as a text within JSON.
  '"discovered_at":',
  '\\"discovered_at\\":',
];

/** Histories hold neither children nor addresses of audio. */
export function assertDiscreet(histories: ReadonlyMap<string, string>): void {
  for (const [execution, text] of histories) {
    const leaks = leaksIn(text, [...SECRETS, 's3://', 'samples/', 'uploads/', 'X-Amz']);
    if (leaks.length > 0) throw new Error(`The history of ${execution} holds:\n${leaks.join('\n')}`);
  }
}

/** Enough to tell which field of which event or line it is. */
const AROUND = 150;

/** Each of the words that the text holds, with what stands around its first place. */
export function leaksIn(text: string, words: readonly string[]): string[] {
  return words.flatMap((word) => {
    const at = text.indexOf(word);
    return at < 0
      ? []
      : [`${word} at ${at}: …${text.slice(Math.max(0, at - AROUND), at + word.length + AROUND)}…`];
  });
}

/** A worker ended well, wrote JSON lines with events, and none of the secrets. */
export function assertWellBehaved(worker: WorkerProcess, ending: ExitStatus | undefined): void {
  // Throws on a line that is not JSON with an event.
  const lines = worker.lines();
  if (lines.length === 0) throw new Error('A worker wrote nothing.');
  const output = worker.output();
  const leaks = leaksIn(output, SECRETS);
  if (leaks.length > 0) throw new Error(`A worker wrote:\n${leaks.join('\n')}`);
  if (ending?.signal === 'SIGKILL') return;
  if (ending?.code !== 0)
    throw new Error(`A worker ended with ${JSON.stringify(ending)}:\n${output.slice(-2000)}`);
  if (worker.errorOutput() !== '') throw new Error(`A worker wrote errors: ${worker.errorOutput()}`);
}
