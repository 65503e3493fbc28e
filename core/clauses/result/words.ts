/** A clause `result` in words. */

import { anchorWords, fromWords, ofArrivalWords, wordsOfWindow } from '#core/terms/phrases.ts';
import type { Words } from '#core/terms/words.ts';
import type { ResultClauseText } from './schema.ts';

export function words(clause: ResultClauseText): Words {
  const long = wordsOfWindow(clause.window);
  const where = fromWords(clause.from);
  const from = anchorWords(clause.countFrom);
  const stay = ofArrivalWords(clause);
  return {
    zh: `${stay.zh}${where.zh}${from.zh}${long.zh}的阴性结果`,
    en: `a negative result${where.en} ${long.en} of ${from.en}${stay.en}`,
  };
}
