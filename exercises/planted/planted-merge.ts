/**
 * Stands in for core/view/merge.ts in a process that plant-bug.ts was loaded into.
 */

import { PLANTED_BUGS } from './planted-bugs.ts';

export * from '#core/view/merge.ts';

const name = process.env['HUTONG_PLANTED_BUG'] ?? '';
const planted = PLANTED_BUGS[name];
if (planted === undefined) throw new RangeError(`there is no planted bug “${name}”`);

export const merge = planted;
