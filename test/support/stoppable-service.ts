/**
 * A service that stops, or fails, as its first argument says: for the tests of how a service ends. It must use nothing
 * of a real service but its beginning and end.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { runService } from '#platform/lifecycle.ts';
import { createLogger } from '#platform/log.ts';

const STOP_MS_MAX = 300;
const LONG_MS = 60_000;

const [, , how = ''] = process.argv;
const logger = createLogger('stoppable', 'info');

await runService(
  logger,
  async () => {
    if (how === 'fails at start') throw new Error('it could not start');
    if (how === 'starts slowly') {
      logger.info('starting');
      await sleep(LONG_MS);
    }
    setInterval(() => {}, LONG_MS); // something to run for
    if (how === 'throws') setTimeout(() => raise('thrown'), 1);
    if (how === 'rejects') setTimeout(() => void Promise.reject(new Error('rejected')), 1);
    logger.info('runs');
    return {
      stop: async () => {
        if (how === 'fails to stop') throw new Error('it could not stop');
        if (how === 'throws while it stops') setTimeout(() => raise('thrown late'), 1);
        if (how === 'stops at once' || how === 'throws' || how === 'rejects') return;
        await sleep(LONG_MS);
      },
    };
  },
  how === 'stops slowly' ? LONG_MS : STOP_MS_MAX,
);

function raise(what: string): never {
  throw new Error(what);
}
