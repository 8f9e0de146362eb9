import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { projectRoot } from '../../../../tools/stack/folders.js';
import { spawnGuarded, type GuardedProcess } from '../../../../tools/stack/guarded-process.js';
import { freePorts, startServer } from '../../../../tools/stack/server-start.js';
import { startStack, type StackEndpoints } from '../../../../tools/stack/start-stack.js';
import { freshFolder } from '../../embedded-stack.js';
import { until } from '../../../until.js';

/** Without the addresses of the run's own stack, which would be used instead of starting anything. */
const bareEnvironment = { PATH: process.env['PATH'], HOME: process.env['HOME'] };

function portsOf(endpoints: StackEndpoints): number[] {
  const addresses = [
    `tcp://${endpoints.temporal?.address ?? ''}`,
    endpoints.temporal?.uiUrl,
    endpoints.aws.endpointUrl,
    endpoints.mongo.uri,
    endpoints.postgres?.dsn,
  ];
  return addresses.flatMap((address) => (address === undefined ? [] : [Number(new URL(address).port)]));
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

const anyOpen = async (ports: number[]): Promise<boolean> =>
  (await Promise.all(ports.map(isOpen))).includes(true);

const processesNaming = (text: string): string[] =>
  spawnSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter((line) => line.includes(text));

describe('the embedded stack', () => {
  test('leaves no server behind when it is stopped, once or twice', async () => {
    const folder = freshFolder();
    const stack = await startStack({ folder, postgres: true, environment: bareEnvironment });
    const ports = portsOf(stack.endpoints);
    expect(ports).toHaveLength(5);
    expect(await Promise.all(ports.map(isOpen))).toEqual(ports.map(() => true));
    expect(processesNaming(folder)).not.toEqual([]);

    await stack.stop();
    expect(await anyOpen(ports)).toBe(false);
    expect(processesNaming(folder)).toEqual([]);
    await stack.stop();
  });

  test('leaves no server behind when the process that started it is killed', async () => {
    const folder = freshFolder();
    const script = `
      const { startStack } = require('./tools/dist/stack/start-stack.js');
      startStack({ folder: ${JSON.stringify(folder)}, postgres: true })
        .then((stack) => console.log(JSON.stringify(stack.endpoints)));`;
    const starter = spawn(process.execPath, ['-e', script], {
      cwd: projectRoot(),
      env: bareEnvironment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface(starter.stdout), 'line')) as [string];
    const ports = portsOf(JSON.parse(line) as StackEndpoints);
    expect(await Promise.all(ports.map(isOpen))).toEqual(ports.map(() => true));

    starter.kill('SIGKILL');
    await until(async () => !(await anyOpen(ports)) && processesNaming(folder).length === 0);
  });

  test('ends what it has started when one part cannot start, and says which', async () => {
    const folder = freshFolder();
    const environment = { ...bareEnvironment, POSTGRES_DSN: 'postgresql://postgres@127.0.0.1:1/none' };
    await expect(startStack({ folder, postgres: true, environment })).rejects.toThrow(/ECONNREFUSED/);
    expect(processesNaming(folder)).toEqual([]);
  });
});

describe('a server of the stack', () => {
  const launching = (script: (attempt: number) => string) => {
    let attempts = 0;
    const folder = freshFolder();
    return {
      attempts: () => attempts,
      start: () =>
        startServer({
          ports: 1,
          startTimeoutSeconds: 30,
          launch: () => {
            attempts += 1;
            return spawnGuarded({
              name: 'server',
              command: '/bin/sh',
              args: ['-c', script(attempts)],
              // One file for every start, as the stack has it.
              logFile: join(folder, 'server.log'),
              env: bareEnvironment,
            });
          },
          probe: () => delay(200),
        }),
    };
  };

  test.each([
    ['when the port was taken meanwhile', 'echo address already in use; exit 1'],
    ['when it has panicked', 'echo starting; echo "panic: runtime error: invalid memory address"; exit 2'],
    ['when a long trace follows its panic', 'echo "panic: invalid memory address"; seq 100; exit 2'],
  ])('is started again on another port %s', async (_, ends) => {
    const server = launching((attempt) => (attempt === 1 ? ends : 'sleep 60'));
    const { process: running } = await server.start();
    expect(server.attempts()).toBe(2);
    await running.stop();
    expect(running.hasExited()).toBe(true);
  });

  test('gets the ports it prefers where they are free, and others where they are not', async () => {
    const preferredPorts = await freePorts(1);
    const launch = (): GuardedProcess =>
      spawnGuarded({
        name: 'server',
        command: '/bin/sh',
        args: ['-c', 'sleep 60'],
        logFile: join(freshFolder(), 'log'),
        env: bareEnvironment,
      });
    const start = { ports: 1, preferredPorts, startTimeoutSeconds: 30, launch, probe: () => delay(10) };
    const first = await startServer(start);
    const taken = createServer().listen(preferredPorts[0], '127.0.0.1');
    await once(taken, 'listening');
    const second = await startServer(start);
    expect(first.ports).toEqual(preferredPorts);
    expect(second.ports).not.toEqual(preferredPorts);
    taken.close();
    await Promise.all([first.process.stop(), second.process.stop()]);
  });

  test('that ends at its start is reported with its last words', async () => {
    const server = launching(() => 'echo no such option; exit 2');
    await expect(server.start()).rejects.toThrow('server ended at its start:\nno such option');
    expect(server.attempts()).toBe(1);
  });

  test('whose earlier start left a panic in the same log is judged by its own words', async () => {
    const server = launching((attempt) =>
      attempt === 1 ? 'echo "panic: nil"; exit 2' : 'echo wrong; exit 2',
    );
    await expect(server.start()).rejects.toThrow('server ended at its start:\nwrong');
    expect(server.attempts()).toBe(2);
  });

  test('that ignores the polite signal is ended all the same', async () => {
    const server = launching(() => 'trap "" TERM; while :; do sleep 1; done');
    const { process: running } = await server.start();
    await running.stop();
    expect(running.hasExited()).toBe(true);
  });
});
