/**
 * Starts a service and stops it once, on SIGTERM or SIGINT, within a bound. A failure at start is logged with its hint
 * and ends the process with status 1.
 */

import { describeError, HutongError } from './errors.ts';
import type { Logger } from './log.ts';

const STOP_MS_MAX = 15_000;

export interface Running {
  stop(): Promise<void>;
}

/** @param start resolves when the service is ready to be asked; `fatal` ends the process from anywhere inside it. */
export async function runService(
  logger: Logger,
  start: (fatal: (error: unknown) => void) => Promise<Running>,
): Promise<void> {
  const fatal = (error: unknown): never => {
    const { code, hint } = error instanceof HutongError ? error : { code: undefined, hint: undefined };
    logger.fatal(
      {
        code,
        hint,
        error: describeError(error),
        stack: code === undefined && error instanceof Error ? error.stack : undefined,
      },
      'service failed',
    );
    process.exit(1);
  };
  process.on('unhandledRejection', fatal);
  const running = await start(fatal).catch(fatal);
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'stopping');
    setTimeout(() => fatal(new Error(`not stopped within ${STOP_MS_MAX} ms`)), STOP_MS_MAX).unref();
    running.stop().then(() => process.exit(0), fatal);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
