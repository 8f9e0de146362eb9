import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../stack/folders.js';
import { peakMemoryMb } from '../peak-memory.js';
import type { ReaderAnswer } from './reader-process.js';

/** The reader under test, in a process of its own. */
export interface Reader {
  read(archive: Buffer): Promise<ReaderAnswer>;
  peakMb(): number;
  close(): void;
}

/** What a process says that dies, from its end: Node's trace or the kernel's words. */
const LAST_WORDS = 4096;
/** An archive of the fuzz is read in milliseconds. */
const HANG_MS = 20_000;

export function startReader(): Reader {
  let child: ChildProcess | undefined;
  let peak = 0;
  let said = '';
  const start = (): ChildProcess => {
    said = '';
    const started = fork(join(projectRoot(), 'tools', 'dist', 'fuzz', 'zip', 'reader-process.js'), {
      serialization: 'advanced',
      execArgv: ['--max-semi-space-size=8'],
      // Its death belongs into the finding, not between the lines of whoever runs this.
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    started.stderr!.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-LAST_WORDS);
    });
    return started;
  };
  const notePeak = (): void => {
    if (child?.pid !== undefined) peak = Math.max(peak, peakMemoryMb(child.pid));
  };
  return {
    read(archive) {
      child ??= start();
      const running = child;
      return new Promise((resolve) => {
        const finish = (answer: ReaderAnswer, gone: boolean): void => {
          clearTimeout(timer);
          running.removeAllListeners();
          notePeak();
          if (gone) {
            running.kill('SIGKILL');
            child = undefined;
          }
          resolve(answer);
        };
        const timer = setTimeout(() => finish({ error: `hangs for ${HANG_MS} ms` }, true), HANG_MS);
        running.once('message', (answer: ReaderAnswer) => finish(answer, false));
        // Once its last words are read.
        running.once('close', (code, signal) =>
          finish({ error: `dies: ${signal ?? code}\n${said}`.trimEnd() }, true),
        );
        running.send(archive);
      });
    },
    peakMb: () => peak,
    close() {
      child?.removeAllListeners();
      child?.kill('SIGKILL');
      child = undefined;
    },
  };
}
