/** How a command ends whose work couldn't be done: a message with its mend, and an exit status. */
import { HutongError } from '#platform/errors.ts';

/** The status of the work, or the given one with the message of what kept it from being done. */
export async function withMessage(print: (text: string) => void, work: () => Promise<number>, failed = 1): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof HutongError || error instanceof RangeError)) throw error;
    print(error.message);
    if (error instanceof HutongError && error.hint !== undefined) print(`To mend: ${error.hint}`);
    return failed;
  }
}
