import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './deployments.js';

const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** What `npm ci` leaves out in the Dockerfile for a value of WITH_NODE_AV, and that argument's default. */
function installsInImage(withNodeAv: string): { omitted: string[]; argument: string | undefined } {
  const dockerfile = read('Dockerfile');
  const branch = new RegExp(`^ +${withNodeAv}\\) npm ci (.*?) ;;`, 'm').exec(dockerfile)?.[1] ?? '';
  return {
    omitted: [...branch.matchAll(/--omit=(\w+)/g)].map(([, kind]) => kind!),
    argument: /^ARG WITH_NODE_AV=(\w+)$/m.exec(dockerfile)?.[1],
  };
}

/** Names of the packages that npm installs then, by the lock's marks: one that both kinds need goes with both only. */
function shipped(omitted: readonly string[]): string[] {
  const [noDev, noOptional] = [omitted.includes('dev'), omitted.includes('optional')];
  const { packages } = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { dev?: true; optional?: true; devOptional?: true }>;
  };
  return Object.entries(packages)
    .filter(
      ([, { dev, optional, devOptional }]) =>
        !(dev && noDev) && !(optional && noOptional) && !(devOptional && noDev && noOptional),
    )
    .map(([path]) => path.split('node_modules/').at(-1)!);
}

/** Packages that hold more than their manifest says. */
function bundledPrefixes(): string[] {
  const rules = join(root, 'scripts', 'licence-policy.mjs');
  const script = `import(${JSON.stringify(rules)}).then(({ BUNDLED }) => console.log(JSON.stringify(BUNDLED)))`;
  const { stdout } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  return (JSON.parse(stdout) as { prefix: string }[]).map(({ prefix }) => prefix);
}

describe('the container image', () => {
  it.each(['aws-cdk-lib', 'constructs', 'cdk-nag'])(
    'does not carry %s, which only deploying needs',
    (name) => {
      const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, { dev?: boolean }> };
      expect(lock.packages[`node_modules/${name}`]?.dev).toBe(true);
      expect(read('Dockerfile')).toMatch(
        /npm ci --omit=dev[\s\S]*COPY --from=dependencies \/app\/node_modules/,
      );
    },
  );

  it('carries no FFmpeg under the GPL in process unless it is asked to', () => {
    const { omitted, argument } = installsInImage('no');
    expect(argument).toBe('no');
    const without = shipped(omitted);
    expect(without.filter((name) => bundledPrefixes().some((prefix) => name.startsWith(prefix)))).toEqual([]);
    expect(without).toEqual(expect.arrayContaining(['onnxruntime-node', '@temporalio/worker', 'mongodb']));
    expect(without).not.toContain('node-av');
    // The option would be for nothing if it did not bring them back.
    expect(shipped(installsInImage('yes').omitted)).toEqual(
      expect.arrayContaining(['node-av', '@seydx/node-av-linux-x64']),
    );
  });

  it('has a decoder all the same, whose licence is named, as all others are', () => {
    expect(read('Dockerfile')).toMatch(/apt-get install [^&]*\bffmpeg\b/);
    expect(read('NOTICE')).toMatch(/image installs Debian's ffmpeg, under the GNU General Public License/);
    expect(read('Dockerfile')).toMatch(/^COPY .*\bNOTICE\b/m);
  });

  it('can be built from one digest, for every stage', () => {
    expect(read('Dockerfile')).toMatch(/^ARG NODE_IMAGE=node:\d+-\w+-slim$/m);
    expect(read('Dockerfile').match(/^FROM (?!\$\{NODE_IMAGE\} AS )/gm)).toBeNull();
  });

  it('does not carry infra either', () => {
    expect(read('.dockerignore')).toMatch(/^\*$/m);
    expect(read('.dockerignore')).not.toMatch(/^!infra/m);
  });
});
