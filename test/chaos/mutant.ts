import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../tools/stack/folders.js';

/** One line of compiled code, replaced: the mistake that a checker must notice. */
export interface Mutation {
  file: string;
  from: string;
  to: string;
}

/** The compiled project with mistakes in it; remove it afterwards. */
export function mutantOf(mutations: readonly Mutation[]): { dist: string; remove: () => void } {
  // Below the project, so that packages are found.
  mkdirSync(join(projectRoot(), '.cache'), { recursive: true });
  const folder = mkdtempSync(join(projectRoot(), '.cache', 'mutant-'));
  const dist = join(folder, 'dist');
  cpSync(join(projectRoot(), 'dist'), dist, { recursive: true });
  for (const name of ['models', 'package.json']) symlinkSync(join(projectRoot(), name), join(folder, name));
  for (const { file, from, to } of mutations) {
    const path = join(dist, file);
    const code = readFileSync(path, 'utf8');
    if (code.split(from).length !== 2) throw new Error(`${file} holds this not exactly once: ${from}`);
    writeFileSync(
      path,
      code.replace(from, () => to),
    );
  }
  return { dist, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
