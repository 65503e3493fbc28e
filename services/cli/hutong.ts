#!/usr/bin/env node
/**
 * The command `hutong`. The environment comes first: a setting that everything depends on would otherwise end whatever
 * loads it. And whatever a command has left open when it is done doesn't keep the process.
 */

import { readLogEdition } from '#platform/config.ts';
import { withMessage } from './shared/with-message.ts';

/** What hangs is a connection whose other end is gone. */
const LEFT_OPEN_MS_MAX = 5_000;

const status = await withMessage(
  (text) => console.error(text),
  async () => {
    readLogEdition();
    const { runProgram } = await import('./program.ts');
    return runProgram();
  },
);
// Commands set their own.
if (status !== 0) process.exitCode = status;
setTimeout(() => process.exit(), LEFT_OPEN_MS_MAX).unref();
