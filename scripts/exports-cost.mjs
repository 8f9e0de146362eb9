// What a job of exports asks of Temporal, S3, SQS, DynamoDB and Fargate, and what that costs: `node scripts/exports-cost.mjs --help`.
// A model of what the code does, not a measurement: docs/performance.md says what each line counts.
import { parseArgs } from 'node:util';

/** What may be said of a job, with what an ordinary one has. */
const SHAPE = {
  jobs: [100_000, 'jobs a day'],
  files: [3, 'archives of a job'],
  entries: [1_000, 'entries of an archive that are at most 8 MiB'],
  large: [4, 'entries of an archive that are larger'],
  parts: [8, 'parts of 8 MiB of each of those'],
  minutes: [2, 'minutes that one archive takes'],
  polls: [2, 'times that the API says not ready'],
  places: [4, 'archives at once in a worker (DOWNLOAD_TASKS_PLACES)'],
};
/** Dollars: list prices of us-east-1 in 2025, from the vendors' price pages; nobody has checked a bill. */
const PRICES = {
  temporal_action: [50e-6, 'an action of Temporal Cloud, the first five million a month'],
  s3_write: [5e-6, 'PUT, POST or LIST'],
  s3_read: [0.4e-6, 'GET or HEAD'],
  sqs_request: [0.4e-6, 'a request of a standard queue'],
  dynamodb_read_unit: [0.125e-6, 'half of it reads 4 KB at last'],
  vcpu_hour: [0.04048, 'Fargate, x86'],
  gib_hour: [0.004445, 'Fargate'],
  spot_share: [0.3, 'of the Fargate price that Spot costs'],
};

const HEARTBEAT_SECONDS = 15;
const LOOK_SECONDS = { woken: 5, anyway: 60, most: 300 };
const FILES_OF_A_PAGE = 1_000;
const KEYS_OF_A_LIST = 1_000;
/** A file's first small entries are looked at before they are written. */
const LOOKED_AT_FIRST = 8;
/** A message is hidden for two minutes and its lease extended well before. */
const EXTEND_SECONDS = 60;
const ROW_BYTES = 150;

const options = Object.fromEntries(
  Object.entries({ ...SHAPE, ...PRICES }).map(([name, [value]]) => [
    name,
    { type: 'string', default: String(value) },
  ]),
);
const { values } = parseArgs({
  options: { ...options, help: { type: 'boolean' }, json: { type: 'boolean' } },
});
if (values.help) {
  console.log('Usage: node scripts/exports-cost.mjs [--json] [--NAME NUMBER …]');
  for (const [name, [value, what]] of Object.entries({ ...SHAPE, ...PRICES }))
    console.log(`  --${name.padEnd(20)} ${what} (${value})`);
  process.exit(0);
}
const given = Object.fromEntries(
  Object.keys(options).map((name) => {
    const value = Number(values[name]);
    if (values[name].trim() === '' || !(value >= 0)) {
      console.error(`--${name} is ${JSON.stringify(values[name])}; expected a number of 0 or more`);
      process.exit(2);
    }
    return [name, value];
  }),
);

const { files, entries, large, parts, minutes, polls, places, jobs } = given;
const seconds = minutes * 60 * Math.max(1, files / places);
const looks =
  1 +
  Math.min(
    LOOK_SECONDS.most,
    Math.max(Math.min(files, seconds / LOOK_SECONDS.woken), seconds / LOOK_SECONDS.anyway),
  );
const pages = Math.ceil(files / FILES_OF_A_PAGE);
const each = (count, of) => ({ count, of });

const counts = {
  'Temporal actions': [
    each(1, 'start of the job'),
    each(2, 'search attributes, at its start and end'),
    each(5 + 1 + polls, 'activities: check, begin, list, join, acknowledge; ready, asked once and again'),
    each(looks, 'looks at the fragments'),
    each(2 * (looks - 1), 'timers between them'),
    each(Math.min(files, looks), 'wake-ups'),
    each(3 * files, 'a task: start, claim, its one activity'),
    each(files * Math.floor((minutes * 60) / HEARTBEAT_SECONDS), 'heartbeats of tasks, one each 15 s'),
  ],
  'S3 writes and lists': [
    each(2 * pages + 2, 'listing pages and their cursor; earlier attempts, the listing read again'),
    each(looks * (1 + Math.ceil(files / KEYS_OF_A_LIST)), 'looks: list fragments, keep the dispatch'),
    each(2 * files, 'fragment and rows of a file'),
    each(4, 'result, manifest, rejects, missing'),
    each(files * entries, 'small entries'),
    each(files * large * (3 + parts), 'large entries: record, begin, parts, complete'),
  ],
  'S3 reads': [
    each(2 + 3 * looks, 'result, cancel marker; looks: dispatch, listing page, pause marker'),
    each(
      files * 6,
      'a task: fragments and marker before the claim, listing, fragments, marker, upload records',
    ),
    each(files * (Math.min(entries, LOOKED_AT_FIRST) + large), 'entries that are looked at first'),
    each(2 * files + pages, 'joining: fragments, rows, listing'),
  ],
  'SQS requests': [
    each(3, 'the job: sent, received, deleted'),
    each(files * (0.1 + 2), 'tasks: sent in tens, received, deleted'),
    each(files * Math.floor((minutes * 60) / EXTEND_SECONDS), 'leases extended'),
  ],
  'DynamoDB read units': [
    each((files * (entries + large)) / 2, 'metadata of entries, 100 a request'),
    each((files * (entries + large) * ROW_BYTES) / 8192, 'the query for what is missing'),
  ],
};
const total = (lines) => lines.reduce((sum, { count }) => sum + count, 0);
const price = {
  'Temporal actions': given.temporal_action,
  'S3 writes and lists': given.s3_write,
  'S3 reads': given.s3_read,
  'SQS requests': given.sqs_request,
  'DynamoDB read units': given.dynamodb_read_unit,
};
const perJob = Object.fromEntries(Object.entries(counts).map(([name, lines]) => [name, total(lines)]));
const cost = Object.fromEntries(Object.entries(perJob).map(([name, count]) => [name, count * price[name]]));
const workerHour = (2 * given.vcpu_hour + 4 * given.gib_hour) * given.spot_share;
cost['Workers on Spot'] = ((files * minutes) / 60 / places) * workerHour;
cost['Two orchestrators'] = jobs === 0 ? 0 : (2 * 24 * (0.5 * given.vcpu_hour + given.gib_hour)) / jobs;
const sum = Object.values(cost).reduce((all, one) => all + one, 0);

if (values.json) {
  console.log(JSON.stringify({ shape: given, per_job: perJob, dollars: { ...cost, total: sum } }, null, 2));
} else {
  for (const [name, lines] of Object.entries(counts)) {
    console.log(`${name}: ${perJob[name].toFixed(0)} a job`);
    for (const { count, of } of lines) console.log(`  ${count.toFixed(0).padStart(8)}  ${of}`);
  }
  console.log('\nDollars for a thousand jobs:');
  for (const [name, dollars] of Object.entries(cost))
    console.log(`  ${(dollars * 1000).toFixed(2).padStart(8)}  ${name}`);
  console.log(
    `  ${(sum * 1000).toFixed(2).padStart(8)}  in all; ${(sum * jobs).toFixed(0)} a day for ${jobs} jobs`,
  );
}
