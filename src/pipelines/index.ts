import type { Pipeline } from './pipeline.js';
import { recordings } from './recordings/pipeline.js';

/** Every pipeline that there is. */
export const PIPELINES: readonly Pipeline[] = [recordings];
