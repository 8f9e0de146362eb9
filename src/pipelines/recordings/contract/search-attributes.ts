import { defineSearchAttributeKey } from '@temporalio/common';

/**
 * What the Web UI and `temporal workflow list` filter by. All are keywords: exact values, no personal data.
 * A namespace must know them before the first workflow starts (workers and the embedded stack register them), since a server refuses
 * a workflow that sets an unknown one.
 */
export const SEARCH_ATTRIBUTES = {
  testDate: defineSearchAttributeKey('VachanTestDate', 'KEYWORD'),
  sourceCollection: defineSearchAttributeKey('VachanSourceCollection', 'KEYWORD'),
  mode: defineSearchAttributeKey('VachanMode', 'KEYWORD'),
  status: defineSearchAttributeKey('VachanStatus', 'KEYWORD'),
  queue: defineSearchAttributeKey('VachanQueue', 'KEYWORD'),
} as const;
