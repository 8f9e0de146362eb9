/**
 * Loaded into a worker before its own code (`node -r`): ends the process at a named log line, and with its parent.
 *
 * The parent writes the name of an event on a line of standard input to arm it, an empty line to disarm. The logger
 * writes synchronously, so the process dies right after the line, before the statement that follows it.
 */
import fs from 'node:fs';
import { isMainThread } from 'node:worker_threads';

// Threads of the process load this, too, and have no standard input of their own.
if (isMainThread) {
  let armed = '';
  let rest = '';

  const writeSync = fs.writeSync.bind(fs) as (...args: unknown[]) => number;
  // The logger looks the function up at every call, in this very object.
  (fs as { writeSync: unknown }).writeSync = (...args: unknown[]): number => {
    const written = writeSync(...args);
    if (armed !== '' && args[0] === 1 && String(args[1]).includes(`"event":"${armed}"`)) {
      process.kill(process.pid, 'SIGKILL');
    }
    return written;
  };

  process.stdin.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    armed = lines.at(-1) ?? armed;
  });
  // Only the parent holds the other end: its end, in whatever way, is ours.
  process.stdin.on('end', () => process.kill(process.pid, 'SIGKILL'));
}
