const number = (value, digits = 0) =>
  value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });

/** Prints what people read; see docs/performance.md for what it means. */
export function printReport(result) {
  const { msPerThousandRows: pace, cpuMsPerThousandRows: effort, cpuSeconds, peakRssMb } = result;
  const rows = [
    ['rows found and queued', `${number(result.enqueued ?? 0)} of ${number(result.rows)}`],
    ['messages in the queue', number(result.inQueue)],
    [
      'sent twice after the kill',
      `${number(result.inQueue - result.rows)} (a page is ${number(result.page)})`,
    ],
    ['kill to the next page', `${number(result.resumedAfterSeconds, 1)} s`],
    ['runs, by continue-as-new', number(result.runs)],
    ['wall time', `${number(result.seconds, 1)} s`],
    ['rows a second', number(result.rowsPerSecond)],
    ['first tenth, 1,000 rows', `${number(pace.first)} ms`],
    ['last tenth, 1,000 rows', `${number(pace.last)} ms`],
    ['last against first', `${number(pace.ratio, 2)}×`],
    [
      'processor time of 1,000 rows, first and last tenth',
      `${number(effort.first)} ms, ${number(effort.last)} ms: ${number(effort.ratio, 2)}×`,
    ],
    ['documents read a row', number(result.documentsPerRow, 3)],
    ["worker's memory at most", `${number(peakRssMb.worker ?? 0)} MB`],
  ];
  console.log(`\nSource: ${result.source}; pages of ${result.page}; the worker is killed half-way.\n`);
  console.log('| discovery | |\n|---|---:|');
  for (const [what, figure] of rows) console.log(`| ${what} | ${figure} |`);
  const total = Object.values(cpuSeconds).reduce((sum, seconds) => sum + seconds, 0);
  console.log('\n| processor time | s | share | ms a 1,000 rows |\n|---|---:|---:|---:|');
  for (const [part, seconds] of Object.entries(cpuSeconds).sort(([, a], [, b]) => b - a)) {
    if (seconds < total / 1_000) continue;
    const each = (seconds * 1e6) / result.rows;
    console.log(
      `| ${part} | ${number(seconds, 1)} | ${number((100 * seconds) / total)} % | ${number(each)} |`,
    );
  }
  console.log(
    result.ok ? '\nEvery row is in the queue.' : `\nWrong: the run is ${result.status}; see the table.`,
  );
}
