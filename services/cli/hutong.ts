#!/usr/bin/env node
/**
 * The command `hutong`: reads which edition of the log it works with, and hands it to the program. Whatever a command
 * has left open when it is done doesn't keep the process.
 */

import { logOf } from '#exchange/topics/log.ts';
import { readLogEdition } from '#platform/config.ts';
import { runProgram } from './program.ts';
import { withMessage } from './shared/with-message.ts';

/** What hangs is a connection whose other end is gone. */
const LEFT_OPEN_MS_MAX = 5_000;

const status = await withMessage(
  (text) => console.error(text),
  async () => runProgram(logOf(readLogEdition())),
);
// Commands set their own.
if (status !== 0) process.exitCode = status;
setTimeout(() => process.exit(), LEFT_OPEN_MS_MAX).unref();
