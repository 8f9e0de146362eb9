import type { Pipeline } from '#vachan/pipelines/pipeline.js';
import { createToy } from './pipeline.js';

/** Three of a kind, so that a test can tell them apart in one namespace. */
export const TOYS: readonly Pipeline[] = ['alpha', 'beta', 'gamma'].map(createToy);
