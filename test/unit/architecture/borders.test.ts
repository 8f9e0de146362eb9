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

/** Who knows whom, and why it may not: files of a project of their own. */
const MOVED: readonly (readonly [from: string, to: string, sentence: string])[] = [
  ['queue/a.ts', 'pipelines/one/b.ts', 'queue carries messages and does not know what is in them'],
  ['pipelines/one/a.ts', 'pipelines/two/b.ts', 'a pipeline knows the base rooms, never another pipeline'],
  ['workers/a.ts', 'pipelines/one/pipeline.ts', 'the process knows pipelines by pipelines/index.ts alone'],
  ['workflows/shared/a.ts', 'workflows/one/b.ts', 'belongs into workflows/<pipeline>'],
  ['workflows/one/a.ts', 'queue/b.ts', 'a workflow decides from its input'],
  ['workflows/one/c.ts', 'activities/one/b.ts', 'knows contracts and types of activities'],
];

describe('a file that moves across a border is told where it belongs', () => {
  let folder: string;
  let sentences: string[];
  // One look at all of them: each would compile the rules anew.
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'vachan-borders-'));
    writeFileSync(join(folder, 'tsconfig.json'), '{}');
    const write = (path: string, content: string): void => {
      const file = join(folder, 'src', path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    };
    const pathTo = (from: string, to: string): string =>
      `${'../'.repeat(from.split('/').length - 1)}${to.replace('.ts', '.js')}`;
    for (const [from, to] of MOVED) {
      write(to, 'export type B = string;\nexport const b = () => 1;\n');
      write(from, `import { b } from '${pathTo(from, to)}';\nb();\n`);
    }
    const typesAlone = 'workflows/one/types-alone.ts';
    const activities = pathTo(typesAlone, 'activities/one/b.ts');
    write(typesAlone, `import type { B } from '${activities}';\nexport const a: B = '';\n`);
    ({ sentences } = cruise(folder));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(MOVED)('%s, which knows %s', (from, to, sentence) => {
    expect(sentences.filter((one) => one.startsWith(`src/${from} `))).toEqual([
      expect.stringMatching(new RegExp(`^src/${from} may not know src/${to}: .*${sentence}`)),
    ]);
  });

  test('types of activities are all that a workflow knows of them', () => {
    expect(sentences).toHaveLength(MOVED.length);
  });
});
