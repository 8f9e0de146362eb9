// `npm run bench -- NAME [options]`: runs bench/NAME/bench.mjs. Exit code 1 means a wrong result, never a slow one.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { thenCleanUp } from './cleanup.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const entryOf = (name) => join(root, 'bench', name, 'bench.mjs');
const names = readdirSync(join(root, 'bench')).filter((name) => existsSync(entryOf(name)));

const [name, ...args] = process.argv.slice(2);
if (name === undefined || !names.includes(name)) {
  console.error(`Usage: npm run bench -- NAME [--quick] [--json FILE]\nNAME is one of: ${names.join(', ')}`);
  process.exit(2);
}
const { options = {}, run } = await import(pathToFileURL(entryOf(name)).href);
const { values } = parseArgs({
  args,
  options: { quick: { type: 'boolean', default: false }, json: { type: 'string' }, ...options },
});

/** A bench prints what people read and returns `{ok, …}`, which the JSON file takes whole. */
const result = await thenCleanUp(() => run(root, values));
if (values.json !== undefined) {
  mkdirSync(dirname(resolve(values.json)), { recursive: true });
  writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
}
process.exitCode = result.ok ? 0 : 1;
