/** A clause `result` in words. */

import { countedWords, fromWords, ofArrivalWords } from '#core/terms/phrases.ts';
import type { Words } from '#core/terms/words.ts';
import type { ResultClauseText } from './schema.ts';

export function words(clause: ResultClauseText): Words {
  const where = fromWords(clause.from);
  const counted = countedWords(clause);
  const stay = ofArrivalWords(clause);
  return {
    zh: `${stay.zh}${where.zh}${counted.zh}的阴性结果`,
    en: `a negative result${where.en} ${counted.en}${stay.en}`,
  };
}
