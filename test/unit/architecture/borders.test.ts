import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { projectRoot } from '../../../tools/stack/folders.js';
import { cruise, reachedFrom } from './cruise.js';

/** Arrows of before the rules, which go one by one; none may come. */
const known = JSON.parse(readFileSync(join(__dirname, 'known-crossings.json'), 'utf8')) as string[];

const project = cruise(projectRoot());

test('no file knows what its room may not know', () => {
  const { crossings, sentences } = project;
  const found = crossings.map(({ from, to }) => `${from} -> ${to}`);
  expect(sentences.filter((_, i) => !known.includes(found[i]!))).toEqual([]);
  expect(known.filter((crossing) => !found.includes(crossing))).toEqual([]);
});

test('a workflow is replayed: it reaches nothing but its own code and what Temporal has for workflows', () => {
  const reached = [...reachedFrom('src/workflows/index.ts', project.modules)];
  expect(reached.filter((file) => file.startsWith('src/')).length).toBeGreaterThan(10);
  const foreign = reached.filter((file) => !file.startsWith('src/'));
  expect(foreign.filter((file) => !/@temporalio\/(workflow|common)\//.test(file))).toEqual([]);
});

test('--help is instant: it loads the parser of command lines, and no other package', () => {
  const reached = [...reachedFrom('src/cli/main.ts', project.modules, 'dynamic-import')];
  expect(reached).toContain('src/pipelines/recordings/pipeline.ts');
  const packages = reached.filter((file) => file.startsWith('node_modules/'));
  expect(packages.filter((file) => !/^node_modules\/commander\//.test(file))).toEqual([]);
});

describe('a file that moves across a border is told where it belongs', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vachan-borders-'));
    writeFileSync(join(folder, 'tsconfig.json'), '{}');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test.each([
    ['queue/a.ts', 'pipelines/one/b.ts', 'queue carries messages and does not know what is in them'],
    ['pipelines/one/a.ts', 'pipelines/two/b.ts', 'a pipeline knows the base rooms, never another pipeline'],
    ['workers/a.ts', 'pipelines/one/pipeline.ts', 'the process knows pipelines by pipelines/index.ts alone'],
    ['workflows/shared/a.ts', 'workflows/one/b.ts', 'belongs into workflows/<pipeline>'],
    ['workflows/one/a.ts', 'queue/b.ts', 'a workflow decides from its input'],
  ])('%s, which knows %s', (from, to, sentence) => {
    write(
      from,
      `import { b } from '${'../'.repeat(from.split('/').length - 1)}${to.replace('.ts', '.js')}';\nb();\n`,
    );
    write(to, 'export const b = () => 1;\n');
    expect(cruise(folder).sentences).toEqual([
      expect.stringMatching(new RegExp(`^src/${from} may not know src/${to}: .*${sentence}`)),
    ]);
  });

  test('types of activities are all that a workflow knows of them', () => {
    write('activities/one/b.ts', 'export type B = string;\nexport const b = 1;\n');
    write(
      'workflows/one/a.ts',
      "import type { B } from '../../activities/one/b.js';\nexport const a: B = '';\n",
    );
    expect(cruise(folder).sentences).toEqual([]);
    write('workflows/one/a.ts', "import { b } from '../../activities/one/b.js';\nexport const a = b;\n");
    expect(cruise(folder).sentences).toHaveLength(1);
  });

  function write(path: string, content: string): void {
    const file = join(folder, 'src', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
});
