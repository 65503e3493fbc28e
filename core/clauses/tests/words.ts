/** A clause `tests` in words. */

import { apartWords, countedWords, fromWords, ofArrivalWords } from '#core/terms/phrases.ts';
import type { Words } from '#core/terms/words.ts';
import type { TestsClauseText } from './schema.ts';

export function words(clause: TestsClauseText): Words {
  const where = fromWords(clause.from);
  const counted = countedWords(clause);
  const apart = apartWords(clause.apart);
  const landing =
    clause.landing === 'excluded' ? { zh: '，不含落地检', en: ', the landing test not counted' } : { zh: '', en: '' };
  const stay = ofArrivalWords(clause);
  return {
    zh: `${stay.zh}${where.zh}${counted.zh}的${clause.count}次阴性结果${apart.zh}${landing.zh}`,
    en: `${clause.count} negative results${where.en}, each ${counted.en}${stay.en}${apart.en}${landing.en}`,
  };
}
