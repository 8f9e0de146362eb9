/** Coefficients of Stirling's series for ln Γ: Abramowitz and Stegun, Handbook of Mathematical Functions, 6.1.41. */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680];
/** From here on four terms of the series leave less than 1e-13. */
const STIRLING_FROM = 12;

/** ln n!, for whole n from 0 on. */
function logFactorial(n: number): number {
  let x = n + 1;
  let shift = 0;
  while (x < STIRLING_FROM) shift += Math.log(x++);
  const series = STIRLING.reduce((sum, term, index) => sum + term / x ** (2 * index + 1), 0);
  return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + series - shift;
}

/**
 * P(B ≤ k) of a binomially distributed B.
 *
 * Sums outward from k on the side away from the mode, where terms only shrink, so that it takes some √n terms for any n.
 *
 * @param k may be below 0 or above n
 * @param p strictly between 0 and 1
 */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  if (k >= n) return 1;
  const odds = p / (1 - p);
  const first = (at: number): number =>
    Math.exp(
      logFactorial(n) -
        logFactorial(at) -
        logFactorial(n - at) +
        at * Math.log(p) +
        (n - at) * Math.log1p(-p),
    );
  const below = k < (n + 1) * p;
  let at = below ? k : k + 1;
  let sum = 0;
  for (let term = first(at); term > sum * Number.EPSILON;) {
    sum += term;
    if (below) term *= at / ((n - at + 1) * odds);
    else term *= ((n - at) * odds) / (at + 1);
    at += below ? -1 : 1;
  }
  return Math.min(1, below ? sum : 1 - sum);
}

/** Bisections until neighbours in double precision. */
const BISECTIONS = 60;

/**
 * Quantile of the beta distribution of whole parameters, by its tie to the binomial one: P(Beta(a, b) ≤ x) = P(Bin(a + b - 1, x) ≥ a)
 * (Abramowitz and Stegun, 26.5.24).
 */
export function betaQuantile(probability: number, a: number, b: number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < BISECTIONS; step++) {
    const middle = (low + high) / 2;
    if (1 - binomialCdf(a - 1, a + b - 1, middle) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
