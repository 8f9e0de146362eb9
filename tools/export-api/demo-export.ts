import type { ServedExport } from './catalogue.js';
import { zipContent } from './zip/zip-content.js';

/** Of each entry; infra/compose/exports/make-resources.sh says the same to the table. */
export const DEMO_ENTRY_BYTES = 1000;
export const DEMO_ENTRIES = ['readme.txt', 'report.txt'] as const;

/** One export of one archive: for a look by hand. */
export function demoExport(): ServedExport {
  const entries = DEMO_ENTRIES.map((name) => ({ name, data: Buffer.alloc(DEMO_ENTRY_BYTES, name) }));
  return { id: 'demo', files: [{ id: '1', name: 'demo.zip', content: zipContent(entries) }] };
}
