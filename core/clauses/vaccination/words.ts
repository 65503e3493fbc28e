/** A clause `vaccination` in words. */

import { wordsOfWindow } from '#core/terms/phrases.ts';
import type { Words } from '#core/terms/words.ts';
import type { VaccinationClauseText } from './schema.ts';

export function words(clause: VaccinationClauseText): Words {
  const long =
    clause.window === undefined
      ? { zh: '', en: '' }
      : {
          zh: `，末次接种在${wordsOfWindow(clause.window).zh}`,
          en: `, the last ${wordsOfWindow(clause.window).en}`,
        };
  const ago =
    clause.atLeastDaysAgo === undefined
      ? { zh: '', en: '' }
      : {
          zh: `，末次接种满${clause.atLeastDaysAgo}天`,
          en: `, the last at least ${clause.atLeastDaysAgo} days ago`,
        };
  const months =
    clause.atLeastMonthsAgo === undefined
      ? { zh: '', en: '' }
      : {
          zh: `，末次接种满${clause.atLeastMonthsAgo}个月`,
          en: `, the last at least ${clause.atLeastMonthsAgo} month${clause.atLeastMonthsAgo === 1 ? '' : 's'} ago`,
        };
  return {
    zh: `已接种${clause.doses}剂疫苗${long.zh}${ago.zh}${months.zh}`,
    en: `${clause.doses} vaccine dose${clause.doses === 1 ? '' : 's'}${long.en}${ago.en}${months.en}`,
  };
}
