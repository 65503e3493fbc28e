/** The parts that a stack has written down: their names, addresses and whether they run, whatever its topology. */

import { isAlive } from '#infra/process/process-identity.ts';
import { type PartRecord, readState } from '#infra/process/state.ts';
import type { Stack } from '#infra/stack/stack.ts';

export class Parts {
  readonly #runDir: string;

  constructor({ runDir }: Stack) {
    this.#runDir = runDir;
  }

  /** Of a kind, such as `kafka` or `materialiser`, whether they run now or not. */
  names(kind: string): string[] {
    return this.#records
      .map(({ name }) => name)
      .filter((name) => name === kind || name.startsWith(`${kind}-`))
      .sort();
  }

  /** host:port of a server, the URL of anything else. */
  addressOf(name: string): string {
    return this.#recordOf(name).address;
  }

  run(name: string): boolean {
    return isAlive(this.#recordOf(name));
  }

  get #records(): readonly PartRecord[] {
    return readState(this.#runDir).parts;
  }

  #recordOf(name: string): PartRecord {
    const record = this.#records.find((part) => part.name === name);
    if (record === undefined) throw new RangeError(`there is no part ${name} in this stack`);
    return record;
  }
}
