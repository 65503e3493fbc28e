/** An instant as an operator gives it, checked before anything is read or written. */

import { InvalidArgumentError } from 'commander';
import { parseTime } from '#core/field/time.ts';

/** In epoch ms. */
export function parseInstant(text: string): number {
  const time = parseTime(text);
  if (time !== null && text.includes('T')) return time.atMs;
  throw new InvalidArgumentError('It is a time with an offset, such as 2022-08-03T08:12:00+08:00.');
}
