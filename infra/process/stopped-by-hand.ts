/**
 * What Ctrl-C does to a command that has a stack of its own: what it waits for ends early, so that it comes to stopping
 * its stack. Nothing is stopped from here, and nothing ends at once: what was started would be left behind.
 */

import { StackError } from './stack-error.ts';

/**
 * Aborted by the first SIGINT or SIGTERM. Further ones change nothing, for stopping has its own time limits; neither
 * does what fails from then on somewhere in the work that goes on unheard.
 */
export function stoppedByHand(): AbortSignal {
  const abort = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.on(name, () => {
      if (abort.signal.aborted) return;
      abort.abort(new StackError(`stopped by ${name}`));
      for (const failure of ['unhandledRejection', 'uncaughtException']) process.on(failure, () => {});
    });
  return abort.signal;
}

/** What the work resolves to. @throws the signal's reason as soon as it's aborted; the work goes on, unheard */
export async function unlessStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  work.catch(() => {}); // heard of by the race, if it is still on
  try {
    signal.throwIfAborted();
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
