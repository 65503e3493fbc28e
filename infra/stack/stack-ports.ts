/**
 * The ports of one stack: those that the environment names, each used once, and free ones for the rest.
 */

import { claimFreePort, isFree, releasePorts } from '#infra/process/ports.ts';
import { StackError } from '#infra/process/stack-error.ts';

export class StackPorts {
  readonly #given: Map<string, number>;
  readonly #claimed: number[] = [];

  constructor(given: Readonly<Record<string, number>>) {
    this.#given = new Map(Object.entries(given).filter(([, port]) => port !== 0));
  }

  get claimed(): readonly number[] {
    return this.#claimed;
  }

  /** The port that this variable names, for the first that asks. @throws StackError if something else listens on it */
  async take(variable: string): Promise<number> {
    const given = this.#given.get(variable);
    if (given === undefined) {
      const port = await claimFreePort();
      this.#claimed.push(port);
      return port;
    }
    this.#given.delete(variable);
    if (!(await isFree(given))) throw new StackError(`port ${given} (${variable}) is taken`);
    return given;
  }

  /** By these variables, as a process gets them. */
  async takeEach(variables: readonly string[]): Promise<Record<string, string>> {
    const ports: Record<string, string> = {};
    for (const variable of variables) ports[variable] = String(await this.take(variable));
    return ports;
  }

  release(): void {
    releasePorts(this.#claimed);
  }
}
