/** What an instance of the materialiser logs, as counts and lines of the run's trace. */

import { describeError } from '#platform/errors.ts';
import type { Logger } from '#platform/log.ts';

interface LogFields {
  readonly partition?: number;
  readonly partitions?: readonly number[];
  readonly cause?: string;
  readonly error?: unknown;
}

/** @param note null where the run isn't traced */
export function loggerThatTells(
  name: string,
  count: (what: string) => void,
  note: ((what: string) => void) | null,
): Logger {
  const write = ({ partition, cause, partitions, error }: LogFields, message: string): void => {
    const kind = cause === undefined ? message : `${message}: ${cause}`;
    const details = [
      partition === undefined ? '' : ` of partition ${partition}`,
      partitions === undefined ? '' : `: ${partitions.join()}`,
      error === undefined ? '' : `: ${describeError(error)}`,
    ];
    count(kind);
    note?.(`${name}: ${kind}${details.join('')}`);
  };
  return { info: write, warn: write, error: write } as unknown as Logger;
}
