import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SeededInterview } from '../../interviews/seeded-interview.js';
import { projectRoot } from '../../stack/folders.js';
import { runToEnd } from '../../stack/guarded-process.js';

const TIMEOUT_MS = 60_000;
/** The first of these that was seeded; its page shows most. */
const SHOWN = ['iv-two-faces', 'iv-turns', 'iv-plain', 'iv-browser'];

/** Writes one interview's report page as a person does. @returns where, or why there is none; undefined where none was wanted */
export async function writeReportPage(
  interviews: readonly SeededInterview[],
  { env, path }: { env: Readonly<Record<string, string>>; path: string },
): Promise<{ path: string } | { problem: string } | undefined> {
  const id = SHOWN.find((one) => interviews.some((interview) => interview.id === one));
  if (id === undefined) return undefined;
  mkdirSync(dirname(path), { recursive: true });
  try {
    await runToEnd(
      process.execPath,
      [join(projectRoot(), 'bin', 'vachan.js'), 'interviews', 'report', id, '--out', path],
      { timeoutMs: TIMEOUT_MS, env: { PATH: process.env['PATH'], PIPELINES: 'interviews', ...env } },
    );
    return { path };
  } catch (error) {
    return { problem: `no report page: ${error instanceof Error ? error.message : String(error)}` };
  }
}
