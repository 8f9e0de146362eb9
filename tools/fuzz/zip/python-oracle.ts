import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Oracle, OracleAnswer } from './oracle.js';

/** Reads archives, a line of base64 each, and answers each with a line of JSON. */
const PROGRAM = `
import base64, io, json, sys, zipfile
def refusal(archive, info):
    try:
        with archive.open(info) as content:
            while content.read(1 << 20): pass
    except Exception as error:
        return f"{type(error).__name__}: {error}"
def answer(data):
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        return {"entries": [refusal(archive, info) for info in archive.infolist()]}
    except Exception as error:
        return {"refused": f"{type(error).__name__}: {error}", "entries": []}
for line in sys.stdin:
    print(json.dumps(answer(base64.b64decode(line))), flush=True)
`;

/** Python's zipfile, in one process for all. */
export function pythonOracle(): Oracle {
  const python = spawn('python3', ['-W', 'ignore', '-c', PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  return {
    name: 'zipfile',
    async read(archive) {
      python.stdin.write(`${archive.toString('base64')}\n`);
      const line = await lines.next();
      if (line.done === true) throw new Error("Python's zipfile has ended.");
      const { refused, entries } = JSON.parse(line.value) as {
        refused?: string;
        entries: (string | null)[];
      };
      const answers: OracleAnswer = { entries: entries.map((entry) => entry ?? undefined) };
      return refused === undefined ? answers : { ...answers, refused };
    },
    close: () => void python.kill(),
  };
}
