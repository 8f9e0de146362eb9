// A process that serves the archive of a case: `node api.mjs CASE [--quick]`. Says where, and what is in it.
import { createInterface } from 'node:readline';
import { CASES } from './cases.mjs';

const { startExportApi } = await import('#tools/export-api/start-export-api.js');
const { zipContent } = await import('#tools/export-api/zip/zip-content.js');

const [name, quick] = process.argv.slice(2);
const { sizes, entries: contents } = CASES[name].content(quick === '--quick');
const entries = contents();
const api = await startExportApi();
const content = zipContent(entries);
api.add({ id: name, files: [{ id: 'file', name: `${name}.zip`, content }] });
const bytes = sizes().reduce((sum, [, size]) => sum + size, 0);
console.log(
  JSON.stringify({
    ready: { url: api.url, token: api.token, size: content.size, entries: entries.length, bytes },
  }),
);

for await (const asked of createInterface({ input: process.stdin })) {
  if (asked === 'quit') break;
  console.log(JSON.stringify(api.log.counts()));
}
process.exit(0);
