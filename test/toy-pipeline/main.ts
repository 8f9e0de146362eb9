import { join } from 'node:path';
import { runProcess } from '#vachan/workers/run-process.js';
import { TOYS } from './toys.js';

/** The worker's process with the toys alone, and the bundle of their workflows. */
runProcess(TOYS, { workflowBundle: { codePath: join(__dirname, 'workflow-bundle.js') } });
