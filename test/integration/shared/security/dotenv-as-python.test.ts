import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { parseDotenv } from '../../../../src/platform/config/dotenv.js';
import { pythonWith } from '../../python-with.js';

/** What stands in the environment while the files are read. */
const OUTSIDE = { OUTER: 'from outside' };

const READ_EACH = `
import json, os, sys, tempfile
from dotenv.main import DotEnv
read = []
for text in json.load(sys.stdin):
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        read.append([[k, v] for k, v in DotEnv(file.name, encoding="utf-8", override=False).dict().items() if v is not None])
json.dump(read, sys.stdout)
`;

const FILES = [
  'MONGO_URI=mongodb://reader:pa#ss@db.example.org:27017/vachan\n',
  'A=b # comment\nB=b#c # d\nC=#\nD= # only a comment\n# a line\n  # another\n',
  'A=\'single # \\\' quoted\'\nB="double # \\" quoted"\nC=\'a\' # comment\nD="b" #c\n',
  'A="two\nlines"\nB=\'two\nlines too\'\nC=after\n',
  'A="\\n\\t\\\\ \\" \\x \\$"\nB=\'\\n \\\\ \\\' \'\nC=\\n\n',
  'export A=1\nexport  B = 2\nexport\tC=3\nexport=4\nexportD=5\n',
  'A=one\nB=${A} two\nC=${MISSING:-other}\nD=${MISSING}\nE=${OUTER}\nF=\'${A}\'\nG="${A}"\nH=$A\nI=${A:-x}\nOUTER=inside\nJ=${OUTER}\n',
  'A=1\nA=2\nB=${A}\nA=3\n',
  'NO_VALUE\nA=1\nB=\nC=""\nD=\'\'\n',
  'A=trailing   \nB=  leading\nC="  kept  "  \nD=in side\n',
  'A=1\r\nB=2 # c\r\nC="x\r\ny"\r\n',
  'A=1\rB=2\r',
  'A: 1\nB=2\n=3\n==4\nC==5\nD = 6\n  E=7\n',
  "A='unended\nB=2\n",
  'A="unended\nB=2\n',
  'A="x" y\nB=2\n',
  "'QUOTED NAME'=1\n'unended=2\nB=3\n",
  'A=वाचन\nB=\u00a0x\u00a0\nC=x\u2028# y\n',
  'A=x\u001f# y\nB=x\ufeff# y\n',
];

const odd = fc
  .array(
    fc.constantFrom(
      'A',
      'B',
      '=',
      '#',
      ' ',
      '\t',
      '\n',
      '\r',
      "'",
      '"',
      '\\',
      '$',
      '{',
      '}',
      ':',
      ':-',
      '${A}',
      '${B:-c}',
      'export ',
      '\u00a0',
      '\u001c',
      '\u2028',
      'n',
      '\f',
      '\v',
      'é',
    ),
    { maxLength: 24 },
  )
  .map((parts) => parts.join(''));

test('a .env file is read as python-dotenv reads it', async () => {
  const python = await pythonWith({ name: 'python-dotenv', version: '1.0.1' });
  const texts = [...FILES, ...fc.sample(odd, 4_000)];
  const output = execFileSync(python, ['-c', READ_EACH], {
    input: JSON.stringify(texts),
    env: { ...OUTSIDE, PYTHONUTF8: '1' },
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
    maxBuffer: 64 * 1024 * 1024,
  });
  const theirs = JSON.parse(output) as [string, string][][];
  texts.forEach((text, at) => {
    const ours = [...parseDotenv(text, OUTSIDE).values].filter(([, value]) => value !== undefined);
    expect({ text, values: new Map(ours) }).toEqual({ text, values: new Map(theirs[at]) });
  });
});
