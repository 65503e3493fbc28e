/** A clause `duty` in words. */

import type { Words } from '#core/terms/words.ts';
import type { DutyClauseText } from './schema.ts';

export function words({ duty, is }: DutyClauseText): Words {
  return is === 'done'
    ? { zh: `已完成“${duty}”`, en: `the duty ${duty} is done` }
    : { zh: `未按时完成“${duty}”`, en: `the duty ${duty} was missed` };
}
