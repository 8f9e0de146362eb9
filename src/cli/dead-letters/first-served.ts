import type { DeadLetterPresentation } from '../../commands/dead-letters/dead-letter-view.js';
import { withSettings } from '../../pipelines/index.js';
import type { Pipeline } from '../../pipelines/pipeline.js';
import type { Environment } from '../../platform/config/environment.js';
import { servedPipelines } from '../../platform/config/served-pipelines.js';

/** A pipeline that has dead-letter queues. */
export type DeadLetterPipeline = Pipeline & { readonly deadLetters: DeadLetterPresentation };

/**
 * Whose messages are meant where no option says it: those of the first pipeline that the settings serve. Where they
 * serve none that has dead letters, the first of all, whose own settings then say what is missing.
 *
 * @param all what a process may serve; a setting belongs to a pipeline only as long as no other takes it
 * @param pipelines those of them that have dead-letter queues, at least one
 */
export async function firstServed(
  environment: Environment,
  all: readonly Pipeline[],
  pipelines: readonly DeadLetterPipeline[],
): Promise<DeadLetterPipeline> {
  const { served } = servedPipelines(environment, await withSettings(all));
  const names = served.map(({ name }) => name);
  return pipelines.find(({ name }) => names.includes(name)) ?? pipelines[0]!;
}
