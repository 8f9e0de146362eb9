import type { CommandGroups } from '../commands/command-definition.js';

/** All that the process and the command line know of a pipeline. */
export interface Pipeline {
  /** As `PIPELINES` has it. */
  readonly name: string;
  /** What it is for, in a sentence of `vachan --help`. */
  readonly about: string;
  /** Command lines that are worth trying first, with what they do. */
  readonly examples: readonly string[];
  readonly commands: CommandGroups;
}
