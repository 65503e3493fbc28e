/**
 * Runs tasks at the same time and waits for all of them to end, so that nothing goes on behind the back of who stops
 * the rest. The first failure aborts the others, and is the one that's thrown.
 */
export async function together(abort: AbortController, tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  await Promise.all(
    tasks.map(async (task) => {
      try {
        await task();
      } catch (error) {
        failures.push(error);
        abort.abort(error);
      }
    }),
  );
  if (failures.length > 0) throw failures[0];
}
