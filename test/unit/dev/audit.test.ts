import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../../src/dev/stack/folders.js';

test('every dependency has an allowed licence, and every install script a reason', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/audit.mjs', '--offline'], {
    cwd: projectRoot(),
    encoding: 'utf8',
  });
  expect({ stdout: stdout.split('\n').filter((line) => line.startsWith('PROBLEM')), stderr }).toEqual({
    stdout: [],
    stderr: '',
  });
  expect(status).toBe(0);
  expect(stdout).toMatch(/CycloneDX 1\.\d, \d{2,} components/);
});

test('a licence that asks for more than its text is not allowed, also beside one that is', () => {
  const rules = join(projectRoot(), 'scripts', 'dependency-rules.mjs');
  const script = `import { isAllowed } from ${JSON.stringify(rules)};
    console.log(JSON.stringify(['MIT', '(MIT OR GPL-3.0-or-later)', 'Apache-2.0 AND MIT', 'GPL-3.0-only',
      'MIT AND AGPL-3.0-only', 'UNLICENSED', 'SEE LICENSE IN LICENSE'].map(isAllowed)));`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(JSON.parse(stdout)).toEqual([true, true, true, false, false, false, false]);
});
