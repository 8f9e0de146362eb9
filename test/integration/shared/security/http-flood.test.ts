import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseScrape } from '../../recordings/observability/scrape.js';
import {
  createInstallation,
  endLeftInstallations,
  type Installation,
} from '../../recordings/pipeline/installation.js';

const STORY_MS = 120_000;
const ROUNDS = 12;
const CONNECTIONS = 300;
/** Without bounds there is no answer within minutes, or ever; with them it takes a second on a machine that has more to do. */
const PROBE_TIMEOUT_MS = 20_000;

let installation: Installation;
let flood: ChildProcess | undefined;
beforeAll(async () => {
  installation = await createInstallation({ env: { SERVICE_MODE: 'orchestrator' } });
}, STORY_MS);
afterEach(() => {
  flood?.kill('SIGKILL');
});
afterAll(endLeftInstallations);

/** On a connection of its own, as kubelets and load balancers ask. */
function ask(url: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const options = { agent: false, signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) };
    get(url, options, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text })).on('error', reject);
    }).on('error', reject);
  });
}

async function memoryBytes(url: string): Promise<number> {
  return parseScrape((await ask(`${url}/metrics`)).text).value('process_resident_memory_bytes');
}

async function probe(url: string): Promise<number | string> {
  try {
    return (await ask(url)).status;
  } catch (error) {
    return (error as Error).name;
  }
}

test(
  'a flood of pipelined requests leaves the worker at its work: probes, metrics and memory as ever',
  async () => {
    const worker = await installation.worker();
    const url = await worker.healthUrl();
    const before = await memoryBytes(url);
    const paths = ['/metrics', '/health/live', '/health/health', '/api/v1/openapi.json', '/nowhere'];
    flood = fork(join(__dirname, 'flood.js'), [new URL(url).port, String(CONNECTIONS), ...paths], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    await once(flood.stdout!, 'data');

    const answers: (number | string)[] = [];
    let most = 0;
    for (let round = 0; round < ROUNDS; round++) {
      await delay(250);
      answers.push(await probe(`${url}/health/live`), await probe(`${url}/health/ready`));
      most = Math.max(most, await memoryBytes(url));
    }
    expect(new Set(answers)).toEqual(new Set([200]));
    // With one page for each request it was gigabytes.
    expect(most - before).toBeLessThan(200 * 1024 * 1024);
    // The thread that listens was bounded, not replaced.
    expect(worker.of('http_restarted')).toEqual([]);
  },
  STORY_MS,
);
