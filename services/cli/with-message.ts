/** How a command ends that couldn't do its work: the message, the mend, and status 1. */
import { HutongError } from '#platform/errors.ts';

/** @returns the status of the work, or 1 with the message of what kept it from being done */
export async function withMessage(print: (text: string) => void, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof HutongError || error instanceof RangeError)) throw error;
    print(error.message);
    if (error instanceof HutongError && error.hint !== undefined) print(`To mend: ${error.hint}`);
    return 1;
  }
}
