import { z } from 'zod';
import {
  optionalUnless,
  type Described,
  type Setting,
  type ValueOf,
} from '../../../platform/config/setting.js';

const GROUPS = ['interview_id', 'interview_type'] as const;
const MOST_CHARACTERS = 500;

/** A regular expression that finds in an object's key whose medium it is. */
export function keyPattern<const D extends Described>(described: D): Setting<ValueOf<RegExp, D>> {
  const schema = z
    .string()
    .max(MOST_CHARACTERS)
    .transform((text, context) => {
      const pattern = compiled(text);
      if (pattern !== undefined && GROUPS.every((group) => text.includes(`(?<${group}>`))) return pattern;
      context.addIssue({ code: 'custom', message: 'no such pattern' });
      return z.NEVER;
    });
  const expects = `a regular expression with the named groups ${GROUPS.join(' and ')}, such as ^(?<interview_id>[^/]+)/(?<interview_type>video|audio)/`;
  return optionalUnless(schema, expects, described);
}

function compiled(text: string): RegExp | undefined {
  try {
    return new RegExp(text, 'u');
  } catch {
    return undefined;
  }
}
