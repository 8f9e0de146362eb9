import { CancellationScope } from '@temporalio/workflow';

/**
 * Runs the loops of one workflow as one: when one fails, the others are cancelled and brought to rest before the
 * first failure is thrown, so that nothing goes on behind a workflow that has ended.
 */
export async function allOrCancel<T extends readonly (() => Promise<unknown>)[]>(
  ...loops: T
): Promise<{ [I in keyof T]: Awaited<ReturnType<T[I]>> }> {
  let failure: { error: unknown } | undefined;
  const scope = new CancellationScope();
  const results = await scope.run(() =>
    Promise.all(
      loops.map(async (loop) => {
        try {
          return await loop();
        } catch (error) {
          failure ??= { error };
          scope.cancel();
          return undefined;
        }
      }),
    ),
  );
  if (failure !== undefined) throw failure.error;
  return results as { [I in keyof T]: Awaited<ReturnType<T[I]>> };
}
