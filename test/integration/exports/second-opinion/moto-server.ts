import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAKE_AWS_CREDENTIALS, type AwsConnection } from '#tools/stack/aws.js';
import { createMetadataTable, EXPORTS_TABLE } from '#tools/stack/exports.js';
import { spawnGuarded } from '#tools/stack/guarded-process.js';
import { startServer } from '#tools/stack/server-start.js';
import { freshFolder } from '../../embedded-stack.js';
import { pythonWith } from '../../python-with.js';

/** AWS in Python (Apache-2.0), with boto3: the one stand-in that ends a receive after 12 hours. */
const MOTO = { name: 'moto[server]', version: '5.2.5' };
const START_TIMEOUT_SECONDS = 90;

export interface MotoServer {
  connection: AwsConnection;
  /** An interpreter that has boto3. */
  python: string;
  /** Makes it so much later for its SQS. */
  passHours: (hours: number) => void;
  stop: () => Promise<void>;
}

/** Starts one, with an empty metadata table in the region. */
export async function startMoto(region: string): Promise<MotoServer> {
  const python = await pythonWith(MOTO);
  const folder = freshFolder();
  const laterFile = join(folder, 'later');
  let hoursLater = 0;
  const passHours = (hours: number): void => {
    hoursLater += hours;
    writeFileSync(laterFile, String(hoursLater * 3_600_000));
  };
  passHours(0);
  const { process: server, ports } = await startServer({
    ports: 1,
    startTimeoutSeconds: START_TIMEOUT_SECONDS,
    launch: ([port]) =>
      spawnGuarded({
        name: 'moto',
        command: python,
        args: [join(__dirname, 'moto_with_clock.py'), String(port), laterFile],
        logFile: join(folder, 'moto.log'),
        env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
        cwd: folder,
      }),
    probe: async ([port]) => {
      const answer = await fetch(`http://127.0.0.1:${port}/moto-api/data.json`, {
        signal: AbortSignal.timeout(2_000),
      });
      if (!answer.ok) throw new Error(`it answered ${answer.status}`);
    },
  });
  const connection = {
    ...{ endpointUrl: `http://127.0.0.1:${ports[0]}`, region },
    ...FAKE_AWS_CREDENTIALS,
  };
  await createMetadataTable(connection, EXPORTS_TABLE);
  return { connection, python, passHours, stop: () => server.stop() };
}
