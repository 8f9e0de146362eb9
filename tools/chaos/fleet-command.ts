import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { inputFolder, number, outputFile, wholeNumber } from '../command-line.js';
import { projectRoot } from '../stack/folders.js';
import { oneOf, repeatable, setting } from './arguments.js';
import type { BaseRunOptions } from './run-options.js';
import type { UnderFireArguments } from './under-fire.js';

/** What a pipeline's command takes whose orchestrators and workers are processes of their own. */
export interface FleetArguments<Kind extends string, Point extends string> extends UnderFireArguments {
  seed: number;
  faults?: Kind[];
  minutes?: number;
  kills?: number;
  gap: number;
  workers: number;
  orchestrators: number;
  points?: Point[];
  dist: string;
  set: Record<string, string>;
}

export interface FleetCommand<Kind extends string, Point extends string> {
  kinds: readonly Kind[];
  points: readonly Point[];
  /** Made up by the seed, such as `jobs`. */
  seeded: string;
  /** From how many pieces of work on a run is a large one, e.g. `1000 entries`. */
  large: string;
  usual: Readonly<Record<'small' | 'large', { minutes: number; kills: number }>>;
}

/** Adds the options that all pipelines' commands take. */
export function withFleetOptions<Kind extends string, Point extends string>(
  command: Command,
  { kinds, points, seeded, large, usual }: FleetCommand<Kind, Point>,
): Command {
  return command
    .option(
      '--seed <number>',
      `the same seed gives the same ${seeded} and the same schedule`,
      wholeNumber(0),
      Date.now() % 1_000_000,
    )
    .option('--faults <list>', `any of ${kinds.join(', ')}; or none (all)`, (text) =>
      text === 'none' ? [] : oneOf(kinds)(text),
    )
    .option(
      '--minutes <minutes>',
      `faults begin within this (${usual.small.minutes}; ${usual.large.minutes} from ${large} on)`,
      number(0),
    )
    .option(
      '--kills <count>',
      `faults go on until so much was killed (${usual.small.kills}; ${usual.large.kills} from ${large} on)`,
      wholeNumber(0),
    )
    .option('--gap <seconds>', 'between two faults, on average', number(0.1), 3)
    .option('--workers <count>', 'worker processes at once', wholeNumber(1), 2)
    .option('--orchestrators <count>', 'orchestrator processes at once', wholeNumber(1), 2)
    .option(
      '--points <list>',
      `requests at which kill_at_point kills: any of ${points.join(', ')} (all)`,
      oneOf(points),
    )
    .option('--json <file>', 'write the report there as JSON', outputFile)
    .option('--markdown <file>', 'write the report there as Markdown', outputFile)
    .option('--dist <folder>', 'compiled processes to run', inputFolder, join(projectRoot(), 'dist'))
    .option('--folder <folder>', "for the servers' data and all logs; kept when the run fails")
    .option('--set <NAME=value>', 'a setting of the processes; may be given several times', setting, {});
}

/** What a run is told by its command line. @param pipeline as the command line names it */
export function fleetRunOptions<Kind extends string, Point extends string>(
  args: FleetArguments<Kind, Point>,
  { kinds, points, usual }: FleetCommand<Kind, Point>,
  run: { pipeline: string; argv: readonly string[]; size: 'small' | 'large' },
): Omit<BaseRunOptions<Kind>, 'records' | 'maxReceiveCount' | 'folder' | 'environment' | 'log'> & {
  orchestrators: number;
  points: readonly Point[];
} {
  const { seed, workers, orchestrators } = args;
  return {
    command: repeatable('chaos', [run.pipeline, ...run.argv]),
    ...{ seed, workers, orchestrators },
    kinds: args.faults ?? kinds,
    points: args.points ?? points,
    gapSeconds: args.gap,
    minutes: args.minutes ?? usual[run.size].minutes,
    leastKills: args.kills ?? usual[run.size].kills,
    distFolder: resolve(args.dist),
    settings: args.set,
  };
}
