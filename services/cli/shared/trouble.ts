/** Remembers what went wrong last, for a command that prints nothing of it until it has to say why it failed. */

import { createLogger, type Logger } from '#platform/log.ts';

export class Trouble {
  readonly logger: Logger;
  #last: string | null = null;

  constructor() {
    this.logger = createLogger('cli', 'warn', { write: (line) => this.#take(line) });
  }

  /** A sentence without a full stop; null while all is well. */
  get last(): string | null {
    return this.#last;
  }

  #take(line: string): void {
    const { msg, error, broker } = JSON.parse(line) as { msg: string; error?: string; broker?: string };
    this.#last = [`${msg}${broker === undefined ? '' : ` (${broker})`}`, error]
      .filter((part) => part !== undefined && part !== '')
      .join(': ');
  }
}
