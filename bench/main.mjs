// `npm run bench -- NAME [options]`: runs bench/NAME/bench.mjs. Exit code 1 means a wrong result, never a slow one; 2 a wrong option.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { thenCleanUp } from './cleanup.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const entryOf = (name) => join(root, 'bench', name, 'bench.mjs');
const names = readdirSync(join(root, 'bench')).filter((name) => existsSync(entryOf(name)));

const [name, ...args] = process.argv.slice(2);
if (name === undefined || !names.includes(name)) {
  console.error(`Usage: npm run bench -- NAME [--quick] [--json FILE]\nNAME is one of: ${names.join(', ')}`);
  process.exit(2);
}
const commandLine = await import('#tools/command-line.js');
const { options = () => undefined, run } = await import(pathToFileURL(entryOf(name)).href);
const command = commandLine
  .toolCommand(`npm run bench -- ${name}`)
  .option('--quick', 'a small one that shows that all works, and no figures', false)
  .option('--json <file>', 'write the result there as JSON', commandLine.outputFile);
options(command, commandLine);
const values = command.parse(args, { from: 'user' }).opts();

/** A bench prints what people read and returns `{ok, …}`, which the JSON file takes whole. */
const result = await thenCleanUp(() => run(root, values));
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
process.exitCode = result.ok ? 0 : 1;
