/**
 * Programs that run beside each other, while what they print appears one program after the other, in the order in which
 * they were started. It never mixes the output of two, and drops none of it.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** What a program may print before its turn. Of one that prints more, the rest waits in the program itself. */
const HELD_BYTES_MAX = 64 * 2 ** 20;

export class InTurn {
  readonly #output: Writable;
  readonly #env: NodeJS.ProcessEnv;
  readonly #running = new Set<ChildProcess>();
  #before: Promise<unknown> = Promise.resolve();

  constructor(output: Writable, env: NodeJS.ProcessEnv) {
    this.#output = output;
    this.#env = env;
  }

  /** @returns whether it ended with status 0, once all that it printed has appeared */
  run(command: string, given: readonly string[]): Promise<boolean> {
    const program = spawn(command, given, { stdio: ['inherit', 'pipe', 'pipe'], env: this.#env });
    this.#running.add(program);
    const held = new PassThrough({ highWaterMark: HELD_BYTES_MAX });
    held.write(`\n> ${command} ${given.join(' ')}\n`);
    for (const stream of [program.stdout, program.stderr]) stream.pipe(held, { end: false });
    const ended = once(program, 'close')
      .then(
        ([status]) => status === 0,
        (error: unknown) => {
          held.write(`${String(error)}\n`);
          return false;
        },
      )
      .finally(() => {
        this.#running.delete(program);
        held.end();
      });
    const shown = this.#before.then(() => pipeline(held, this.#output, { end: false }));
    this.#before = shown;
    return shown.then(() => ended);
  }

  stop(): void {
    for (const program of this.#running) program.kill('SIGTERM');
  }
}
