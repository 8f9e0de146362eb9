import { parseArgs } from 'node:util';
import { demoExport } from './demo-export.js';
import { startExportApi } from './start-export-api.js';

/** The stand-in as a program of its own, with one export, `demo`: for docker-compose.yml, and for a look by hand. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { host: { type: 'string', default: '127.0.0.1' }, port: { type: 'string', default: '4000' } },
  });
  const api = await startExportApi({ host: values.host, port: Number(values.port) });
  api.add(demoExport());
  console.log(`Export API at ${api.url}, token ${api.token}: GET /v1/exports/demo`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void api.stop());
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
