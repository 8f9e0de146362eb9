import { join } from 'node:path';
import { mediaFolder } from '../../interviews/media/known-media.js';
import { LABELLED } from '../../interviews/media/labelled-media.js';
import type { LargeRecording } from '../../interviews/media/large-recording.js';
import { projectRoot } from '../../stack/folders.js';
import { runToEnd } from '../../stack/guarded-process.js';
import { largeOutcome, type LargeMedium } from './plan-interviews.js';

const MB = 1024 * 1024;
const SOURCE_SECONDS = 24;
/** Ten minutes. */
const TIMES = 25;
/** Six seconds on an idle machine. */
const TIMEOUT_MS = 120_000;

/** Ten minutes of an interview in so many megabytes, in a file of this folder. */
export async function makeLargeMedium(megabytes: number, folder: string): Promise<LargeMedium> {
  const recording: LargeRecording = {
    source: join(mediaFolder(), LABELLED[0]),
    sourceSeconds: SOURCE_SECONDS,
    path: join(folder, 'large.mp4'),
    times: TIMES,
    bytes: megabytes * MB,
  };
  const program = join(projectRoot(), 'tools', 'dist', 'interviews', 'media', 'make-large-recording.js');
  await runToEnd(process.execPath, [program, JSON.stringify(recording)], { timeoutMs: TIMEOUT_MS });
  return { path: recording.path, outcome: largeOutcome(TIMES, SOURCE_SECONDS) };
}
