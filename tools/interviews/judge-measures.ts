import { NOT_MEASURED, type InterviewResult } from '#vachan/pipelines/interviews/contract/result.js';
import type { CompletedOutcome } from './media/expected-outcome.js';

/** What is not as it should be in a result. */
export function judgeMeasures(result: InterviewResult, { measures, warnings }: CompletedOutcome): string[] {
  const wrong: string[] = [];
  for (const [path, [least, most]] of Object.entries(measures)) {
    const value = numberAt(result, path);
    if (value === undefined) wrong.push(`${path} is missing`);
    else if (!(value >= least - ROUNDING && value <= most + ROUNDING))
      wrong.push(`${path} is ${round(value)} instead of ${bounds(least, most)}`);
  }
  if (warnings !== undefined && String([...result.warnings].sort()) !== String([...warnings].sort()))
    wrong.push(`its warnings are ${list(result.warnings)} instead of ${list(warnings)}`);
  for (const path of notFinite(result, '')) wrong.push(`${path} is no finite number`);
  const missing = NOT_MEASURED.filter((name) => !result.not_measured.includes(name));
  if (missing.length > 0) wrong.push(`it does not say that ${list(missing)} is not measured`);
  if (result.engines.length === 0) wrong.push('it names no engine');
  return wrong;
}

const ROUNDING = 1e-9;

/** Of a list its length; true is 1. */
function numberAt(result: InterviewResult, path: string): number | undefined {
  let at: unknown = result;
  for (const name of path.split('.')) at = (at as Record<string, unknown> | null | undefined)?.[name];
  if (Array.isArray(at)) return at.length;
  if (typeof at === 'boolean') return Number(at);
  return typeof at === 'number' ? at : undefined;
}

function notFinite(value: unknown, path: string): string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [path];
  if (typeof value !== 'object' || value === null || value instanceof Date) return [];
  return Object.entries(value).flatMap(([name, one]) =>
    notFinite(one, path === '' ? name : `${path}.${name}`),
  );
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
const bounds = (least: number, most: number): string =>
  least === most ? String(least) : `${round(least)} to ${round(most)}`;
const list = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));
