/**
 * A failure of the launcher that its message explains in full, with the end of a log where there is one. Anything else
 * that is thrown in infra/ is a mistake in the program.
 */
export class StackError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StackError';
  }
}
