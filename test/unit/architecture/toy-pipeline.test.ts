import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../tools/stack/folders.js';

const folder = join(projectRoot(), 'test', 'toy-pipeline');

/** What a pipeline may know, as `.dependency-cruiser.mjs` has it for those in src/. */
const PUBLIC =
  /^#vachan\/(platform|contract|queue|objects|webhook|temporal|commands|activities\/shared|workflows\/shared)\/|^#vachan\/pipelines\/pipeline\.js$/;
/** These stand in for `workers/main.ts` and `cli/main.ts`, which hand in the list of pipelines. */
const ENTRIES: Readonly<Record<string, readonly string[]>> = {
  'main.ts': ['#vachan/workers/run-process.js'],
  'cli.ts': ['#vachan/cli/program.js', '#vachan/cli/process-context.js'],
};

test('the toy uses what every pipeline may use, and no more', () => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts'));
  const imports = files.flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/(?:from|import\()\s*'([#.][^']+)'/g)].map(
      ([, name = '']) => ({ file, name }),
    ),
  );
  expect(imports.length).toBeGreaterThan(30);
  const inside = files.map((file) => `./${file.replace(/ts$/, 'js')}`);
  expect(
    imports.filter(
      ({ file, name }) => !inside.includes(name) && !PUBLIC.test(name) && !ENTRIES[file]?.includes(name),
    ),
  ).toEqual([]);
});
