import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../../tools/stack/folders.js';

/** A file that knows one which its room may not know. */
export interface Crossing {
  from: string;
  to: string;
  rule: { name: string };
}

export interface Module {
  source: string;
  dependencies: { resolved: string; dependencyTypes: string[] }[];
}

interface Cruised {
  modules: Module[];
  summary: { violations: Crossing[]; ruleSetUsed: { forbidden: { name: string; comment: string }[] } };
}

const rules = join(projectRoot(), '.dependency-cruiser.mjs');
const cruiser = join(projectRoot(), 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');

/** Looks at what the files below `src/` of a folder import, and holds it against the rules; the cruiser is an ES module. */
export function cruise(folder: string): { crossings: Crossing[]; sentences: string[]; modules: Module[] } {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [cruiser, 'src', '--config', rules, '--output-type', 'json'],
    { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  if (stdout === '') throw new Error(`dependency-cruiser said nothing but: ${stderr}`);
  const { summary, modules } = JSON.parse(stdout) as Cruised;
  const { violations, ruleSetUsed } = summary;
  const why = new Map(ruleSetUsed.forbidden.map(({ name, comment }) => [name, comment]));
  return {
    modules,
    crossings: violations,
    sentences: violations.map(({ from, to, rule }) => `${from} may not know ${to}: ${why.get(rule.name)}`),
  };
}

/**
 * All that is loaded when a file is, itself included; types are not.
 *
 * @param but not what is known in these ways either, such as `dynamic-import`
 */
export function reachedFrom(file: string, modules: readonly Module[], ...but: string[]): Set<string> {
  const reached = new Set<string>();
  const reach = (source: string): void => {
    if (reached.has(source)) return;
    reached.add(source);
    const { dependencies } = modules.find((module) => module.source === source) ?? { dependencies: [] };
    for (const { resolved, dependencyTypes } of dependencies) {
      if (!['type-only', ...but].some((type) => dependencyTypes.includes(type))) reach(resolved);
    }
  };
  reach(file);
  return reached;
}
