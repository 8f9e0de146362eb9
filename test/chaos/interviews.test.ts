import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  startInterviewsServers,
  type InterviewsServers,
} from '../../tools/chaos/interviews/interviews-servers.js';
import type { ChaosInterview } from '../../tools/chaos/interviews/plan-chaos-interviews.js';
import { runInterviewsChaos } from '../../tools/chaos/interviews/run-interviews-chaos.js';
import { endRun, type Held } from '../../tools/chaos/under-fire.js';
import { fixture, knownMedium, outcomeOf } from '../../tools/interviews/known-medium.js';
import type { SeededMedium } from '../../tools/interviews/seeded-interview.js';
import { projectRoot } from '../../tools/stack/folders.js';

/** Lost processes are noticed within half a minute; machines may be busy with other things. */
const STORY_MS = 420_000;
const SEED = 5;

let folder: string;
let servers: InterviewsServers;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vachan-chaos-interviews-'));
  servers = await startInterviewsServers(folder, process.env);
}, STORY_MS);
afterAll(async () => {
  await servers.stop();
  rmSync(folder, { recursive: true, force: true });
}, STORY_MS);

const interview = (story: ChaosInterview['story'], ...media: SeededMedium[]): ChaosInterview => {
  const id = `cand-${story}-4711`;
  return {
    ...{ id, story, kind: story, saysHowMany: story !== 'extra', isErased: story === 'erased' },
    media: media.map((medium) => ({ ...medium, key: `uploads/${id}/${medium.type}/${medium.key}` })),
  };
};

const CHUNKED = 'c16_chromium_webm_vp8.webm';

test(
  'interviews whose processes die at six named requests end once, are told once, and leave no word elsewhere',
  async () => {
    const held: Held = {};
    const armed = [
      'claimed',
      'after_chunk',
      'combine',
      'before_store',
      'after_store',
      'before_webhook',
    ] as const;
    const interviews = [
      interview('plain', knownMedium('video', CHUNKED), knownMedium('audio', 'c05_audio_only_live.webm')),
      interview('replaced', {
        ...knownMedium('audio', 'c05_audio_only_live.webm'),
        replacement: {
          content: fixture('c16_chromium_audio_webm.webm'),
          outcome: outcomeOf('audio', 'c16_chromium_audio_webm.webm'),
        },
      }),
      interview('late', { ...knownMedium('video', 'c12_h264.mkv'), isLate: true }),
      interview('erased', knownMedium('video', 'c12_vp9.webm')),
    ];
    try {
      const report = await runInterviewsChaos(
        {
          ...{ interviews, armed, records: interviews.length, seed: SEED, orchestrators: 2, workers: 2 },
          // No fault that comes too late for its point: a process dies there the first time, as every run comes by.
          ...{ kinds: [], points: [], minutes: 0, leastKills: 0, gapSeconds: 1, maxReceiveCount: 20 },
          ...{ distFolder: join(projectRoot(), 'dist'), folder, environment: process.env, settings: {} },
          ...{ command: '', log: () => undefined },
        },
        servers,
        held,
      );
      expect(report.complaints).toEqual({ wrong: [], leaked: [] });
      const hits = Object.entries(report.points).filter(([, times]) => times > 0);
      expect(Object.fromEntries(hits)).toEqual(Object.fromEntries(armed.map((point) => [point, 1])));
    } finally {
      await endRun(held);
    }
  },
  STORY_MS,
);
