import { together, type SettingsTable } from '../platform/config/settings-table.js';
import type { Pipeline } from './pipeline.js';
import { exportsPipeline } from './exports/pipeline.js';
import { interviews } from './interviews/pipeline.js';
import { recordings } from './recordings/pipeline.js';

/** Every pipeline that there is. */
export const PIPELINES: readonly Pipeline[] = [recordings, exportsPipeline, interviews];

/** A pipeline whose settings are loaded. */
export type LoadedPipeline = Omit<Pipeline, 'settings'> & { readonly settings: SettingsTable };

/** Loads the pipelines' tables of settings, which `--help` does without. */
export function withSettings(pipelines: readonly Pipeline[]): Promise<LoadedPipeline[]> {
  return Promise.all(
    pipelines.map(async (pipeline) => ({ ...pipeline, settings: together(await pipeline.settings()) })),
  );
}

/** Names of the search attributes that a namespace has to know for these pipelines; all are keywords. */
export function searchAttributesOf(pipelines: readonly Pick<Pipeline, 'searchAttributes'>[]): string[] {
  return [...new Set(pipelines.flatMap(({ searchAttributes }) => searchAttributes))];
}
