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
    const leaked = [...SECRETS, 's3://', 'samples/', 'uploads/', 'X-Amz'].filter((secret) =>
      text.includes(secret),
    );
    if (leaked.length > 0) throw new Error(`The history of ${execution} holds ${leaked.join(', ')}.`);
  }
}

/** A worker ended well, wrote JSON lines with events, and none of the secrets. */
export function assertWellBehaved(worker: WorkerProcess, ending: ExitStatus | undefined): void {
  // Throws on a line that is not JSON with an event.
  const lines = worker.lines();
  if (lines.length === 0) throw new Error('A worker wrote nothing.');
  const output = worker.output();
  const leaked = SECRETS.filter((secret) => output.includes(secret));
  if (leaked.length > 0)
    throw new Error(`A worker wrote ${leaked.join(', ')}:\n${linesWith(output, leaked)}`);
  if (ending?.signal === 'SIGKILL') return;
  if (ending?.code !== 0)
    throw new Error(`A worker ended with ${JSON.stringify(ending)}:\n${output.slice(-2000)}`);
  if (worker.errorOutput() !== '') throw new Error(`A worker wrote errors: ${worker.errorOutput()}`);
}

function linesWith(output: string, words: readonly string[]): string {
  return output
    .split('\n')
    .filter((line) => words.some((word) => line.includes(word)))
    .slice(0, 5)
    .join('\n');
}
