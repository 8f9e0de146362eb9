export { discoveryWorkflow } from './discovery.js';
export { inferenceWorkflow } from './inference.js';
export { ingestWorkflow } from './ingest.js';
export { nightlyWorkflow } from './nightly.js';
