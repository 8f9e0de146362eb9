/** Where a command speaks: answers go to `out`, which may be piped on; everything said along the way to `err`. */
export interface Terminal {
  /** Writes one answer; a line break is added. */
  out(text: string): void;
  /** Writes one remark; a line break is added. */
  err(text: string): void;
  /** The stream behind `err`, where a person can watch a line change in place; undefined in a pipe or a log. */
  readonly live: NodeJS.WriteStream | undefined;
  /** Width of the answers, in characters. */
  readonly columns: number;
}

/** What a pipe and a narrow page of a document can both take. */
const DEFAULT_COLUMNS = 100;

/** The process's own terminal. */
export function processTerminal(): Terminal {
  return {
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
    live: process.stderr.isTTY ? process.stderr : undefined,
    columns: process.stdout.isTTY ? process.stdout.columns : DEFAULT_COLUMNS,
  };
}
