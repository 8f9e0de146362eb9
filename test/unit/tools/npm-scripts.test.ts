import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../tools/stack/folders.js';

const { scripts } = JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

// npm signals its shell alone; a shell that has other commands before it stays the program's parent unless told otherwise.
test.each(Object.entries(scripts).filter(([, script]) => /[;&|]/.test(script)))(
  'npm run %s hands signals to its last program',
  (_, script) => {
    expect(script).toMatch(/^[^;&|]+(?: && [^;&|]+)* && exec [^;&|]+$/);
  },
);
