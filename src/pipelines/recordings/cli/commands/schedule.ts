import { Argument, Command, Option } from 'commander';
import type { NightlyInput } from '../../contract/workflow-inputs.js';
import type { CommandDefinition } from '../../../../commands/command-definition.js';
import { examples } from '../../../../commands/options.js';
import type {
  BackfillOptions,
  CreateOptions,
  JsonOption,
  ControlScheduleOptions,
} from '../schedules/schedule-commands.js';
import { addDiscoveryOptions, discoveryFields, type DiscoveryOptions } from './run-options.js';

const DEFAULT_ID = 'vachan-nightly';
const idArgument = (): Argument => new Argument('[schedule]', "the schedule's id").default(DEFAULT_ID);

const ABOUT = `
Each fire starts nightlyWorkflow, which starts the discovery of the fire's date in the schedule's time zone. A date whose discovery runs
already is not started twice. A server that was down catches up for 12 hours.`;

export const scheduleCommand: CommandDefinition = (context, end) => {
  const load = () => import('../schedules/schedule-commands.js');
  const schedule = new Command('schedule')
    .summary('start a run by the clock')
    .description('Makes and works on Temporal schedules that score a date every night.')
    .addHelpText('after', ABOUT);

  const create = new Command('create')
    .summary('make a schedule')
    .description("Makes a schedule. What no option names is taken from the worker's settings at that time.")
    .addArgument(idArgument())
    .requiredOption('--cron <expression>', 'when it fires: five fields, e.g. "0 19 * * *"')
    .option('--time-zone <name>', "IANA name of the cron's and the dates' time zone", 'UTC')
    .addOption(
      new Option('--day-offset <days>', "days from the fire's date to the test date: -1 is the day before")
        .argParser(Number)
        .default(0),
    )
    .option('--paused', 'make it paused');
  addDiscoveryOptions(create);
  schedule.addCommand(
    create
      .option('--json', 'print the schedule as one JSON line')
      .addHelpText(
        'after',
        examples(
          'vachan schedule create --cron "0 19 * * *" --time-zone Asia/Kolkata',
          'vachan schedule create late --cron "30 23 * * 1-6" --time-zone Asia/Kolkata --mode backfill --max-concurrency 8',
        ),
      )
      .action(async (scheduleId: string, options: DiscoveryOptions & Omit<CreateOptions, 'discovery'>) => {
        const discovery: NightlyInput['discovery'] = discoveryFields(options);
        const { createSchedule } = await load();
        end(await createSchedule(context, scheduleId, { ...options, discovery }));
      }),
  );
  schedule.addCommand(
    new Command('list')
      .summary('list schedules')
      .description("Lists Vachan's schedules. A new one may take a second to show.")
      .option('--json', 'print them as one JSON line')
      .addHelpText('after', examples('vachan schedule list'))
      .action(async (options: JsonOption) => {
        const { listSchedules } = await load();
        end(await listSchedules(context, options));
      }),
  );
  schedule.addCommand(
    new Command('describe')
      .summary('show a schedule, its next and recent fires')
      .description('Shows a schedule in full.')
      .addArgument(idArgument())
      .option('--json', 'print it as one JSON line')
      .addHelpText('after', examples('vachan schedule describe', 'vachan schedule describe late --json'))
      .action(async (scheduleId: string, options: JsonOption) => {
        const { describeSchedule } = await load();
        end(await describeSchedule(context, scheduleId, options));
      }),
  );
  for (const [name, summary] of CONTROLS) {
    const command = new Command(name)
      .summary(summary)
      .description(`${summary[0]!.toUpperCase()}${summary.slice(1)}.`)
      .addArgument(idArgument());
    if (name === 'pause' || name === 'unpause') command.option('--note <text>', 'why, for those who look');
    schedule.addCommand(
      command
        .option('--json', 'print what was done as one JSON line')
        .addHelpText('after', examples(`vachan schedule ${name}`, `vachan schedule ${name} late`))
        .action(async (scheduleId: string, options: ControlScheduleOptions) => {
          const { controlSchedule } = await load();
          end(await controlSchedule(context, scheduleId, name, options));
        }),
    );
  }
  schedule.addCommand(
    new Command('backfill')
      .summary('fire a schedule for past test dates')
      .description(
        'Fires a schedule for every time it would have fired for these test dates; days it does not fire on are left out.\n\nThe dates run side by side: pause, set-limits and the queue hold for each.',
      )
      .addArgument(idArgument())
      .requiredOption('--from <date>', 'the first test date, as YYYY-MM-DD')
      .option('--to <date>', 'the last one (default: the first)')
      .option('--json', 'print what was done as one JSON line')
      .addHelpText('after', examples('vachan schedule backfill --from 2025-12-15 --to 2025-12-19'))
      .action(async (scheduleId: string, options: BackfillOptions) => {
        const { backfillSchedule } = await load();
        end(await backfillSchedule(context, scheduleId, options));
      }),
  );
  return schedule.addHelpText(
    'after',
    examples('vachan schedule create --cron "0 19 * * *" --time-zone Asia/Kolkata', 'vachan schedule list'),
  );
};

const CONTROLS = [
  ['pause', 'let a schedule fire no more'],
  ['unpause', 'let a paused schedule fire again'],
  ['trigger', 'fire a schedule now, for the date of this moment'],
  ['delete', 'delete a schedule; what it started goes on'],
] as const;
