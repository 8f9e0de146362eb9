// A process of its own that appends batches to a CSV file: node csv-appender.js FILE NAME BATCHES [die-after-bytes].
// With the last argument it writes that much of its last batch and is killed in the middle of it.
const { open } = require('node:fs/promises');
const { createLocalCsv } = require('#vachan/pipelines/recordings/results/csv/local-csv.js');
const { CSV_COLUMNS } = require('#vachan/pipelines/recordings/contract/csv-row.js');

const [file, name, batches, dieAfterBytes] = process.argv.slice(2);

function rows(batch) {
  return Array.from({ length: 20 }, (_, i) => ({
    ...Object.fromEntries(CSV_COLUMNS.map((column) => [column, `${column} "of" वाचन`])),
    message_id: `${name}-${batch}-${i}`,
    receive_count: 1,
  }));
}

async function main() {
  const csv = createLocalCsv(file);
  for (let batch = 0; batch < Number(batches); batch += 1) {
    if (dieAfterBytes !== undefined && batch === Number(batches) - 1) await dieInTheNextAppend();
    await csv.append(`${name}-${batch}`, rows(batch));
  }
}

async function dieInTheNextAppend() {
  const handle = await open(__filename, 'r');
  const prototype = Object.getPrototypeOf(handle);
  await handle.close();
  prototype.appendFile = async function (bytes) {
    await this.write(bytes, 0, Number(dieAfterBytes));
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => setInterval(() => {}, 1_000));
  };
}

void main();
