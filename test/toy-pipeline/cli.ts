import { processContext } from '#vachan/cli/process-context.js';
import { runCli } from '#vachan/cli/program.js';
import { TOYS } from './toys.js';

/** `vachan` with the toys alone. */
void (async () => {
  const exitCode = await runCli(process.argv.slice(2), await processContext(), TOYS);
  process.stdout.write('', () => process.exit(exitCode));
})();
