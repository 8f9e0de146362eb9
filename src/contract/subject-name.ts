import { TEXT_LIMITS } from './text-limits.js';

/**
 * The one spelling under which names are compared (Unicode NFC), since the same Devanagari word is typed in more than
 * one. A text that is too long for a name stays as it is: normalizing takes quadratic time in the marks of a letter
 * (24 seconds for a hundred thousand), and a name it cannot be.
 */
export function normalizeName(text: string): string {
  return text.length > TEXT_LIMITS.subject_name ? text : text.normalize('NFC');
}
