/**
 * What comes of each item, in their order, while up to `ahead` of the next ones are under way. An error is thrown in its
 * item's turn.
 */
export async function* aheadInOrder<Item, Result>(
  items: AsyncIterable<Item>,
  ahead: number,
  work: (item: Item) => Promise<Result>,
): AsyncIterable<Result> {
  const underWay: Promise<Result>[] = [];
  for await (const item of items) {
    const result = work(item);
    // Nobody may be there any more to hear of it.
    result.catch(() => undefined);
    underWay.push(result);
    if (underWay.length > ahead) yield await underWay.shift()!;
  }
  for (const result of underWay) yield await result;
}
