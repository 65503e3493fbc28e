/** The first edition of the log, whose topics and keys have the plain names: what most tests work with. */

import { logOf } from '#exchange/topics/log.ts';
import { ViewKeys } from '#exchange/view/keys.ts';

export const LOG = logOf(1);
export const KEYS = new ViewKeys(LOG);
