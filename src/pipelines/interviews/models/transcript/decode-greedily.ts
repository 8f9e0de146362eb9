/** One step of a decoder: the score of each token that may come next. */
export type DecoderStep = (token: number) => Promise<ArrayLike<number>>;

export interface TokenRules {
  start: number;
  end: number;
  /** A model that repeats itself for ever ends here. */
  most: number;
}

/** The likeliest token after each other, without the first and the last. */
export async function decodeGreedily(step: DecoderStep, { start, end, most }: TokenRules): Promise<number[]> {
  const tokens: number[] = [];
  let token = start;
  while (tokens.length < most) {
    token = indexOfGreatest(await step(token));
    if (token === end) break;
    tokens.push(token);
  }
  return tokens;
}

function indexOfGreatest(values: ArrayLike<number>): number {
  let greatest = 0;
  for (let index = 1; index < values.length; index++)
    if (values[index]! > values[greatest]!) greatest = index;
  return greatest;
}
