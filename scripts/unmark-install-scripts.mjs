// Takes `hasInstallScript` from the lock's packages whose install script must not run: npm 10 runs whatever is marked, and npm writes
// the mark again when it adds or updates such a package. Run it then; a test says when.
import { readFileSync, writeFileSync } from 'node:fs';
import { INSTALL_SCRIPTS } from './licence-policy.mjs';

const path = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(path, 'utf8'));
const unmarked = new Set(INSTALL_SCRIPTS.filter(({ unmarked }) => unmarked).map(({ name }) => name));
for (const [where, entry] of Object.entries(lock.packages)) {
  if (unmarked.has(where.split('node_modules/').at(-1))) delete entry.hasInstallScript;
}
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
