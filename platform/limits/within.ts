/**
 * A bound on a wait, for work that can't be given one itself. The work goes on; its result is dropped. Written by
 * hand: p-timeout does no more with what is used here. Work that takes a signal is given `AbortSignal.timeout`
 * instead.
 */

/** @throws what `late` makes, when the work takes longer */
export async function within<T>(work: Promise<T>, timeoutMs: number, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late()), timeoutMs);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
