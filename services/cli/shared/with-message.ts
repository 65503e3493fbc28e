/** How a command ends whose work couldn't be done: a message with its mend, and an exit status. */

import { describeError, HutongError } from '#platform/errors.ts';
import { EXIT } from './exit.ts';
import type { Print } from './print.ts';

/** The status of the work, or the given one with the message of what kept it from being done. A bug keeps its stack. */
export async function withMessage(
  print: Print,
  work: () => Promise<number>,
  failed: number = EXIT.failed,
): Promise<number> {
  try {
    return await work();
  } catch (error) {
    const said = messageOf(error);
    if (said === null) throw error;
    print(said.message);
    if (said.hint !== undefined) print(`To mend: ${said.hint}`);
    return failed;
  }
}

/** What the world did to the command, in a sentence; null for what only this program can have done. */
function messageOf(error: unknown): { readonly message: string; readonly hint?: string | undefined } | null {
  if (error instanceof HutongError) return { message: error.message, hint: error.hint };
  if (error instanceof RangeError) return { message: error.message };
  if (!(error instanceof Error)) return null;
  // Of the system, which names the file or the address itself: ENOENT, ECONNREFUSED, EPIPE.
  if ('syscall' in error && 'code' in error)
    return { message: error.message, hint: 'is what it names there, and may it be used from here?' };
  if (error.name.startsWith('KafkaJS'))
    return {
      message: `kafka: ${describeError(error).replace(/^: /, '')}`,
      hint: 'is Kafka up, reachable, and does it have its topics (make up makes them)?',
    };
  return null;
}
