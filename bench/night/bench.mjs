// `vachan plan` against simulated runs: does the plan's number of tasks end within the window, come what may?
import { writeFileSync } from 'node:fs';
import { plotRun } from './plot.mjs';
import { simulateRun } from './simulate.mjs';

export const options = (command, { outputFile, wholeNumber }) =>
  command
    .option('--runs <count>', 'runs to simulate, each with a seed of its own', wholeNumber(1))
    .option('--svg <file>', 'write the first run with autoscaling there, as a picture', outputFile);

const FULL = 50;
const QUICK = 5;
const RUN = {
  records: 900_000,
  secondsPerClip: 30,
  bytesPerClip: 240_000,
  windowSeconds: 5 * 3_600,
  vcpusPerTask: 2,
  coreSpeed: 0.7,
  batchSize: 100,
  lanesPerTask: 4,
  startupSeconds: 120,
  interruptionsPerTaskHour: 0.05,
  utilisation: 0.8,
  visibilityTimeoutSeconds: 120,
  discoveryPageRows: 100,
};
/** The plan's task hours against the simulation's, both ways. */
const AGREEMENT = 1.25;

/** Everything is there at 19:00; or uploads go on for two hours, most of them early. */
const ARRIVALS = {
  'all at 19:00': () => 1,
  'uploads until 21:00': (second) => 1 - (1 - Math.min(1, second / 7_200)) ** 2,
};
const WEATHER = {
  calm: { interruptionsPerTaskHour: 0.02 },
  'as planned': {},
  'bad day for Spot': { interruptionsPerTaskHour: 0.25 },
};

/** @returns `{ok, …}`: ok when every run that the plan is made for ends within its window and agrees in task hours */
export async function run(_root, { quick, runs, svg }) {
  const { planCapacity } = await import('#vachan/pipelines/recordings/planning/plan-capacity.js');
  const { MEASURED: measured } = await import('#vachan/pipelines/recordings/planning/measured.js');
  const count = runs ?? (quick ? QUICK : FULL);
  const plan = planCapacity(RUN, measured);
  const fixed = { min: plan.tasks, max: plan.tasks, backlogPerTask: plan.backlogPerTask };
  // From one task up to the plan: nobody pre-scales.
  const scaled = { min: 1, max: plan.tasks, backlogPerTask: plan.backlogPerTask };
  // What a target of the whole window's work does: tasks leave while there is still much to do.
  const late = { ...scaled, backlogPerTask: Math.ceil(RUN.records / plan.tasks) };

  const rows = [];
  for (const [weather, changes] of Object.entries(WEATHER)) {
    for (const [arrival, arrivals] of Object.entries(ARRIVALS)) {
      for (const [fleet, scaling] of Object.entries({
        'planned tasks': fixed,
        autoscaled: scaled,
        'autoscaled to the window': late,
      })) {
        const planned = { ...RUN, ...changes };
        const runs = Array.from({ length: count }, (_, seed) =>
          simulateRun({ planned, measured, scaling, arrivals, seed: seed + 1 }),
        );
        rows.push({ weather, arrival, fleet, ...summed(runs) });
      }
    }
  }
  const first = simulateRun({
    ...{ planned: RUN, measured, scaling: scaled, arrivals: ARRIVALS['uploads until 21:00'], seed: 1 },
  });
  if (svg !== undefined) writeFileSync(svg, plotRun(first.samples, RUN));
  const planned = rows.filter(
    ({ weather, fleet }) => weather !== 'bad day for Spot' && fleet === 'planned tasks',
  );
  const agree = planned.every(
    ({ taskHours }) => taskHours / plan.taskHours < AGREEMENT && plan.taskHours / taskHours < AGREEMENT,
  );
  const result = {
    ...{ planned: RUN, plan, rows, runs: count },
    ok: agree && planned.every(({ late }) => late === 0),
  };
  print(result);
  return result;
}

function summed(runs) {
  const hours = runs.map(({ finishSeconds = Infinity }) => finishSeconds / 3_600).sort((a, b) => a - b);
  const mean = (key) => runs.reduce((sum, run) => sum + run[key], 0) / runs.length;
  return {
    medianHours: hours[Math.floor(hours.length / 2)],
    worstHours: hours.at(-1),
    late: hours.filter((finished) => finished > RUN.windowSeconds / 3_600).length,
    taskHours: mean('taskHours'),
    interruptions: mean('interruptions'),
    redelivered: mean('redelivered'),
    peakTasks: Math.max(...runs.map(({ peakTasks }) => peakTasks)),
  };
}

function print({ plan, rows, runs, ok }) {
  console.log(
    `\nThe plan for 900,000 recordings of 30 s in 5 h: ${plan.tasks} tasks of 2 vCPU, done after ${(plan.finishSeconds / 3_600).toFixed(1)} h, ${plan.taskHours.toFixed(1)} task hours.`,
  );
  console.log(`Each line: ${runs} simulated runs.\n`);
  console.log(
    '| Spot | arrivals | tasks | at most | hours, median | hours, worst | late runs | task hours | interruptions | redelivered |',
  );
  console.log('|---|---|---|---:|---:|---:|---:|---:|---:|---:|');
  for (const row of rows) {
    const cells = [
      ...[row.weather, row.arrival, row.fleet, row.peakTasks],
      ...[row.medianHours.toFixed(2), row.worstHours.toFixed(2), row.late, row.taskHours.toFixed(1)],
      ...[row.interruptions.toFixed(1), Math.round(row.redelivered)],
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
  console.log(
    ok
      ? '\nThe planned tasks, fixed or autoscaled, end every planned-for run within the window.'
      : '\nWrong: a planned-for run ends late, or takes other task hours than the plan says.',
  );
}
