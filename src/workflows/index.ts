export { discoveryWorkflow } from './recordings/discovery.js';
export { inferenceWorkflow } from './recordings/inference.js';
export { ingestWorkflow } from './recordings/ingest.js';
export { nightlyWorkflow } from './recordings/nightly.js';
