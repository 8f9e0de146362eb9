import { config as readDotenv } from 'dotenv';
import type { Environment } from './load-configuration.js';

/**
 * The process's environment, completed from `.env` and, behind it, from the `.stack.env` that `npm run stack` writes
 * while it runs; what is set already wins. The AWS and Temporal SDKs read their own variables, so they are set for them.
 */
export function readEnvironment(folder = process.cwd()): Environment {
  readDotenv({ path: [`${folder}/.env`, `${folder}/.stack.env`], quiet: true });
  // Node 20 is this project's floor; the SDK's note on its own future floor is for developers, not for a worker's log.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  return process.env;
}
