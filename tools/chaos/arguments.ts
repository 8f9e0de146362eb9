import { InvalidArgumentError } from 'commander';

/** Takes names separated by commas. */
export function oneOf<T extends string>(known: readonly T[]): (text: string) => T[] {
  return (text) =>
    text.split(',').map((name) => {
      const found = known.find((one) => one === name);
      if (found === undefined) throw new InvalidArgumentError(`${name} is none of ${known.join(', ')}.`);
      return found;
    });
}

/** Takes `NAME=value`, several times. */
export function setting(text: string, before: Record<string, string>): Record<string, string> {
  const [name, value] = text.split(/=(.*)/s);
  if (name === undefined || value === undefined) throw new InvalidArgumentError('It takes NAME=value.');
  return { ...before, [name]: value };
}

/** The command as others can repeat it: without the names of this machine's files. */
export function repeatable(script: string, args: readonly string[]): string {
  const ofThisMachine = ['--folder', '--json', '--markdown', '--dist'];
  const kept = args.filter(
    (arg, index) => !ofThisMachine.includes(arg) && !ofThisMachine.includes(args[index - 1] ?? ''),
  );
  return kept.length === 0 ? `npm run ${script}` : `npm run ${script} -- ${kept.join(' ')}`;
}
