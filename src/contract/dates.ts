import { z } from 'zod';

/** `2025-12-20` is a calendar date; `2025-02-30` and `20-12-2025` are not. */
export function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00.000Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** The instant a calendar date stands for in documents: UTC midnight. */
export function toUtcMidnight(date: string): Date {
  return new Date(`${date}T00:00:00.000Z`);
}

export const calendarDateSchema = z
  .string()
  .refine(isCalendarDate, { error: 'expected a calendar date as YYYY-MM-DD, for example 2025-12-20' });

/** ISO-8601, UTC, exactly three decimals, so that text order is time order. */
export const isoMillisSchema = z.string().refine(isIsoMillis, {
  error: 'expected an ISO-8601 UTC time with milliseconds, for example 2025-12-20T13:45:00.000Z',
});

// Date.parse alone would carry 30 February over into March, and text order would part from time order.
function isIsoMillis(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(text)) return false;
  const date = new Date(text);
  return !Number.isNaN(date.getTime()) && date.toISOString() === text;
}
