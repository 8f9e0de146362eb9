import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { markdownReport, type ExportsReport } from '../../../../tools/chaos/exports/report.js';
import { projectRoot } from '../../../../tools/stack/folders.js';

const kept = (name: string): string => readFileSync(join(projectRoot(), 'docs', 'chaos', name), 'utf8');

test.each(['exports-seed-1-2000-records', 'exports-seed-1-400-records', 'exports-seed-3-400-records'])(
  'the page %s is what its report says',
  (name) => {
    expect(markdownReport(JSON.parse(kept(`${name}.json`)) as ExportsReport)).toBe(kept(`${name}.md`));
  },
);
