import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mutant } from './mutant.js';

/** A file worth looking at again. */
export interface Finding {
  /** Number of the file in its run, original and mutations. */
  label: string;
  what: string;
  keptAt: string;
}

/** Keeps the file in a folder, under its numbers. */
export async function keepFinding(
  folder: string,
  seed: number,
  mutant: Mutant,
  what: string,
): Promise<Finding> {
  await mkdir(folder, { recursive: true });
  const keptAt = join(folder, `seed-${seed}-file-${mutant.index}`);
  await writeFile(keptAt, mutant.bytes);
  return { label: mutant.label, what, keptAt };
}

export function printFindings(
  print: (line: string) => void,
  title: string,
  findings: readonly Finding[],
): void {
  print(`${title}: ${findings.length}`);
  for (const { label, what, keptAt } of findings) print(`  ${label}: ${what}\n    kept as ${keptAt}`);
}

export function countEnd(ends: Record<string, number>, end: string): void {
  ends[end] = (ends[end] ?? 0) + 1;
}

/** How many files ended in what, the most frequent one first. */
export function printEnds(print: (line: string) => void, ends: Readonly<Record<string, number>>): void {
  for (const [end, count] of Object.entries(ends).sort(([, a], [, b]) => b - a)) {
    print(`  ${String(count).padStart(6)}  ${end}`);
  }
}
