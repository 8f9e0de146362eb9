import type { Pipeline } from './pipeline.js';
import { recordings } from './recordings/pipeline.js';

/** Every pipeline that there is. */
export const PIPELINES: readonly Pipeline[] = [recordings];

/** Names of the search attributes that a namespace has to know for these pipelines; all are keywords. */
export function searchAttributesOf(pipelines: readonly Pipeline[]): string[] {
  return [...new Set(pipelines.flatMap(({ searchAttributes }) => searchAttributes))];
}
