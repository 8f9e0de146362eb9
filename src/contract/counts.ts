/** How many, by name. */
export type Counts<Name extends string = string> = Record<Name, number>;

/** Adds up two counts; a name that one of them has not counts as 0. */
export function addCounts<Name extends string>(
  total: Readonly<Counts<Name>>,
  more: Readonly<Partial<Counts<Name>>>,
): Counts<Name> {
  const sum: Counts = { ...total };
  for (const [name, count] of Object.entries<number | undefined>(more)) {
    sum[name] = (sum[name] ?? 0) + (count ?? 0);
  }
  return sum;
}

/** Nothing yet of each of these. */
export function noCounts<Name extends string>(names: readonly Name[]): Counts<Name> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Counts<Name>;
}
