/**
 * The services' log: JSON lines with lower-case factual messages and structured fields. Normal operation logs starts,
 * stops and changes of state, never a line per record, and nothing that names a person.
 */

import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** @param to stdout unless another is given */
export function createLogger(service: string, level: string, to?: DestinationStream): Logger {
  const options = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return to === undefined ? pino(options) : pino(options, to);
}
