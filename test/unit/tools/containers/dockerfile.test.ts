import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { WORKER_NODE_FLAGS } from '../../../../src/workers/node-flags.js';
import { projectRoot } from '../../../../tools/stack/folders.js';

const read = (path: string): string => readFileSync(join(projectRoot(), path), 'utf8');

/** Instructions with their continuation lines joined, by stage. */
const stages = read('Dockerfile')
  .replace(/\\\n/g, ' ')
  .split('\n')
  .filter((line) => line.trim() !== '' && !line.startsWith('#'))
  .reduce<string[][]>((found, line) => {
    if (line.startsWith('FROM ')) found.push([]);
    found.at(-1)?.push(line.replace(/\s+/g, ' '));
    return found;
  }, []);
const last = stages.at(-1) ?? [];
const instruction = (name: string): string[] => last.filter((line) => line.startsWith(`${name} `));

describe('the Dockerfile', () => {
  test('builds in stages whose images are pinned, slim Debian with a supported Node', () => {
    expect(stages.length).toBeGreaterThanOrEqual(2);
    expect(read('Dockerfile')).toMatch(/^ARG NODE_IMAGE=node:(20|22|24)-\w+-slim$/m);
    for (const [from] of stages) expect(from).toMatch(/^FROM \$\{NODE_IMAGE\} AS \w+$/);
  });

  test('copies dependencies from a stage without development tools', () => {
    const from = /--from=(\w+) \/app\/node_modules/.exec(last.join('\n'))?.[1] ?? 'no stage';
    const stage = stages.find(([line]) => line?.endsWith(` AS ${from}`)) ?? [];
    expect(stage.join('\n')).toContain('npm ci --omit=dev');
  });

  test('runs as a user that is not root, from the point where nothing is installed any more', () => {
    const user = last.findIndex((line) => line.startsWith('USER '));
    expect(last[user]).toBe('USER node');
    expect(last.slice(user).filter((line) => /^(RUN|COPY) /.test(line))).toEqual([]);
  });

  test('asks the liveness address, at the port that is set', () => {
    const check = /^HEALTHCHECK .*CMD (\[.*\])$/.exec(instruction('HEALTHCHECK')[0] ?? '')?.[1] ?? '[]';
    const [command, flag, script] = JSON.parse(check) as string[];
    expect([command, flag]).toEqual(['node', '-e']);
    expect(script).toContain('/health/live');
    expect(script).toContain('process.env.HEALTH_PORT||8080');
    // It must be a program that Node can parse.
    expect(() => new Script(script ?? '')).not.toThrow();
  });

  test('keeps everything that is written in its volumes', () => {
    const volumes = JSON.parse(instruction('VOLUME')[0]?.slice('VOLUME '.length) ?? '[]') as string[];
    const environment = instruction('ENV').join(' ');
    for (const name of ['SCRATCH_PATH', 'CSV_OUTPUT_PATH']) {
      const path = new RegExp(`${name}=(\\S+)`).exec(environment)?.[1] ?? '';
      expect(volumes.some((volume) => path.startsWith(volume))).toBe(true);
    }
  });

  test('copies only what is there and what .dockerignore lets through', () => {
    const allowed = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1).replace(/\/$/, ''));
    const copied = stages
      .flat()
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
      .flatMap((line) => line.split(' ').slice(1, -1));
    expect(copied.length).toBeGreaterThan(0);
    for (const path of copied) {
      expect([path, existsSync(join(projectRoot(), path))]).toEqual([path, true]);
      expect(allowed).toContain(path);
    }
  });

  test('starts the compiled worker with the flags that bound its memory, as `npm run worker` does', () => {
    expect(JSON.parse(instruction('CMD')[0]?.replace('CMD ', '') ?? '')).toEqual([
      'node',
      ...WORKER_NODE_FLAGS,
      '--enable-source-maps',
      'dist/workers/main.js',
    ]);
    expect(read('package.json')).toContain(`node ${WORKER_NODE_FLAGS.join(' ')} dist/workers/main.js`);
  });
});
