/**
 * The services' log: JSON lines with lower-case factual messages and structured fields. Normal operation logs starts,
 * stops and changes of state, never a line per record, and nothing that names a person.
 */
import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

export function createLogger(service: string, level: string): Logger {
  return pino({ level, base: { service }, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } });
}
