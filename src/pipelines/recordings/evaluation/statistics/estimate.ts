/** A figure with the ends of its 95 % confidence interval. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
}

/** Standard normal quantile of 0.975: two-sided 95 %. */
export const Z_95 = 1.959963984540054;
/** What a two-sided 95 % interval leaves out at either end. */
export const TAIL_95 = 0.025;
