import { processContext } from './process-context.js';
import { runCli } from './program.js';

// Each command would begin with it; the README says which Node versions are supported.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

// `vachan score … | head` closes the pipe early, which is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

void (async () => {
  const exitCode = await runCli(process.argv.slice(2), await processContext());
  // A server that never answered may still hold a connection open, and nobody waits for it any more.
  process.stdout.write('', () => process.exit(exitCode));
})();
