import { join } from 'node:path';
import { WORKER_NODE_FLAGS } from '#vachan/workers/node-flags.js';
import { projectRoot, type Environment } from '../stack/folders.js';
import { spawnGuarded, type GuardedProcess } from '../stack/guarded-process.js';

/** Processes of a demo by name; what is started again writes on in its log. */
export interface Fleet {
  start: (role: 'orchestrator' | 'worker', name: string) => void;
  /** Those that have ended without being told to. */
  ended: () => GuardedProcess[];
  /** Says that this one may end. */
  forget: (name: string) => void;
  names: () => string[];
  stop: () => Promise<void>;
}

/** @param env of every process, but for its role */
export function createFleet(env: Environment, folder: string): Fleet {
  const running = new Map<string, GuardedProcess>();
  return {
    start: (role, name) =>
      void running.set(
        name,
        spawnGuarded({
          name,
          command: process.execPath,
          args: [
            ...WORKER_NODE_FLAGS,
            '--enable-source-maps',
            join(projectRoot(), 'dist', 'workers', 'main.js'),
          ],
          logFile: join(folder, `${name}.log`),
          env: { ...env, SERVICE_MODE: role },
          cwd: projectRoot(),
        }),
      ),
    ended: () => [...running.values()].filter((one) => one.hasExited()),
    forget: (name) => void running.delete(name),
    names: () => [...running.keys()],
    stop: async () => {
      await Promise.all([...running.values()].map((one) => one.stop()));
    },
  };
}
