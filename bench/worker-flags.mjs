import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Node's flags of a worker of the project in that folder, which is built. @returns {string[]} */
export const workerFlags = (root) =>
  createRequire(import.meta.url)(join(root, 'dist/workers/node-flags.js')).WORKER_NODE_FLAGS;
