import { join } from 'node:path';
import { awsRegion } from './aws.js';
import { cacheFolder, type Environment } from './folders.js';
import { spawnGuarded } from './guarded-process.js';
import { cachedPythonPackage, installPythonPackage } from './python-package.js';
import { startServer } from './server-start.js';
import type { PartOptions, StackPart } from './stack-part.js';

/** https://github.com/ministackorg/ministack, MIT. */
const MINISTACK = { name: 'ministack', version: '1.5.33' };
/** Three seconds on an idle machine. */
const START_TIMEOUT_SECONDS = 90;
const HEALTH_TIMEOUT_MS = 2000;
/** What of a person's environment a Python process needs; settings of other stand-ins would change what it does. */
const INHERITED = /^(PATH|HOME|LANG|LC_\w+|TZ)$/;

/** S3 and DynamoDB that keep what AWS promises: conditional writes, verified checksums, listings. In memory. */
export async function startMinistack(options: PartOptions): Promise<StackPart<{ endpointUrl: string }>> {
  const { environment, folder, log } = options;
  const cache = cacheFolder(environment);
  const venv =
    cachedPythonPackage(cache, MINISTACK) ?? (await installPythonPackage(cache, MINISTACK, environment, log));
  const { process: server, ports } = await startServer({
    ports: 1,
    startTimeoutSeconds: START_TIMEOUT_SECONDS,
    launch: ([port]) =>
      spawnGuarded({
        name: 'ministack',
        command: join(venv, 'bin', 'python'),
        args: ['-m', 'ministack'],
        logFile: join(folder, 'ministack.log'),
        env: {
          ...inherited(environment),
          // Every interface by default.
          BIND_HOST: '127.0.0.1',
          GATEWAY_PORT: String(port),
          SERVICES: 's3,dynamodb',
          MINISTACK_REGION: awsRegion(environment),
          LOG_LEVEL: 'WARNING',
          // Its process id stands in a file there.
          TMPDIR: folder,
        },
        cwd: folder,
      }),
    probe: async ([port]) => {
      const answer = await fetch(`http://127.0.0.1:${port}/_ministack/health`, {
        signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS),
      });
      if (!answer.ok) throw new Error(`health answered ${answer.status}`);
    },
  });
  return {
    how: `PyPI ${MINISTACK.name}`,
    endpoints: { endpointUrl: `http://127.0.0.1:${ports[0]}` },
    groupId: server.groupId,
    stop: () => server.stop(),
  };
}

function inherited(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => INHERITED.test(name)));
}
