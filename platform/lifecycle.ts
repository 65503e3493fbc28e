/**
 * Starts a service and stops it once, on SIGTERM or SIGINT, within a bound; a second signal ends it at once. A failure
 * at start, or one that nobody caught at any time, is logged with its hint and ends the process with status 1: it must
 * never go on in a state that nobody knows.
 */

import closeWithGrace from 'close-with-grace';
import { describeError, HutongError } from './errors.ts';
import type { Logger } from './log.ts';

const STOP_MS_MAX = 15_000;

/** What the library would also stop on. These do to a service what they do to every process. */
const LEFT_ALONE: closeWithGrace.AllEvents[] = [
  'SIGHUP',
  'SIGQUIT',
  'SIGILL',
  'SIGTRAP',
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGSEGV',
  'SIGUSR2',
  'beforeExit',
];

export interface Running {
  stop(): Promise<void>;
}

/**
 * @param start resolves when the service is ready to be asked; `fatal` ends the process from anywhere inside it
 * @param stopMsMax how long stopping may take
 */
export async function runService(
  logger: Logger,
  start: (fatal: (error: unknown) => void) => Promise<Running>,
  stopMsMax = STOP_MS_MAX,
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
  let running: Running | null = null; // a signal during the start finds nothing to stop, and ends it at once
  closeWithGrace(
    {
      delay: stopMsMax,
      logger: false, // what it would say is said here
      skip: LEFT_ALONE,
      onTimeout: () => fatal(new Error(`not stopped within ${stopMsMax} ms`)),
      onSecondSignal: (signal) => logger.warn({ signal }, 'a second signal, ending at once'),
      onSecondError: fatal,
    },
    async ({ signal, err }) => {
      if (err !== undefined) fatal(err);
      logger.info({ signal }, 'stopping');
      await running?.stop().catch(fatal);
    },
  );
  running = await start(fatal).catch(fatal);
}
