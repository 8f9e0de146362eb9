import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../stack/process-alive.js';

const DEMO_FOLDER = /^demo-(\d+)$/;

/** Where this demo keeps its servers' data and logs; what earlier ones left there, failed or killed, is removed. */
export function demoFolder(cache: string): string {
  for (const name of readdirSync(cache)) {
    const pid = DEMO_FOLDER.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid)))
      rmSync(join(cache, name), { recursive: true, force: true });
  }
  return join(cache, `demo-${process.pid}`);
}
