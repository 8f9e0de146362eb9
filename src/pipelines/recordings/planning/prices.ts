import type { CapacityPlan } from './plan-capacity.js';

/** What a price is for; all are the user's, since they change by region, contract and year. */
export const PRICED = {
  vcpu_hour: 'one vCPU for an hour',
  gb_hour: 'one GB of memory for an hour',
  sqs_million: 'a million SQS requests',
  s3_get_thousand: 'a thousand S3 GET requests',
  temporal_million: 'a million Temporal actions',
} as const;
export type Priced = keyof typeof PRICED;
export type Prices = Partial<Record<Priced, number>>;

/** How much of each a run takes. */
export function pricedUnits(plan: CapacityPlan, vcpusPerTask: number): Record<Priced, number> {
  return {
    vcpu_hour: plan.taskHours * vcpusPerTask,
    gb_hour: (plan.taskHours * plan.memoryMbPerTask) / 1000,
    sqs_million: plan.sqs.requests / 1e6,
    s3_get_thousand: plan.s3.gets / 1000,
    temporal_million: plan.temporal.actions / 1e6,
  };
}

/** The cost of a run: an amount for each thing that has a price, and their sum. */
export function costOf(
  plan: CapacityPlan,
  vcpusPerTask: number,
  prices: Prices,
): { items: Prices; total: number } {
  const units = pricedUnits(plan, vcpusPerTask);
  const items: Prices = {};
  for (const name of Object.keys(prices) as Priced[]) items[name] = units[name] * (prices[name] ?? 0);
  return { items, total: Object.values(items).reduce((sum, amount) => sum + amount, 0) };
}
