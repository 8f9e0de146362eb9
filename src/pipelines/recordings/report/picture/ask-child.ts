import { fork } from 'node:child_process';
import { killTree, treeRssBytes } from '../../../../platform/children/process-tree.js';
import { memberEnvironment } from '../../../../platform/config/member-environment.js';
import { memberMemoryMb } from '../../audio/audio-defaults.js';
import type { DecodeLimits } from '../../audio/decode/audio-decoder.js';
import { AudioDecoderCrashed } from '../../errors.js';

const MEMORY_LOOK_MS = 100;

/**
 * Has one recording worked on in a process of its own, which gets one message and answers with one. Decoding is C code on bytes from
 * strangers: what crashes, hangs or swells there costs that recording alone.
 *
 * @param entry compiled file of the process
 * @throws AudioDecoderCrashed when it ended without an answer, or was ended for its time or memory
 */
export function askChild<Answer>(
  entry: string,
  request: { path: string; limits: DecodeLimits },
  timeoutMs: number,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = fork(entry, [], {
      serialization: 'advanced',
      execArgv: [],
      env: memberEnvironment(),
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const { pid = 0 } = child;
    const kill = (): void => killTree(pid);
    const timer = setTimeout(kill, timeoutMs);
    const memoryLook = setInterval(() => {
      if ((treeRssBytes(pid) ?? 0) > memberMemoryMb(request.limits.maxSeconds) * 1024 ** 2) kill();
    }, MEMORY_LOOK_MS);
    child.once('message', (answer) => resolve(answer as Answer));
    child.once('error', reject);
    child.once('exit', () => {
      clearTimeout(timer);
      clearInterval(memoryLook);
      // After an answer this is nothing new.
      reject(new AudioDecoderCrashed('The process that read the recording ended without an answer.'));
    });
    child.send(request, () => undefined);
  });
}
