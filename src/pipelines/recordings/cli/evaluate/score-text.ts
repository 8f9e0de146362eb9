/** A score or threshold with as many digits as tell two recordings apart. */
export function scoreText(score: number): string {
  return String(Number(score.toPrecision(4)));
}
