/** A clause `sampling` in words. */

import { fromWords, ofArrivalWords, wordsOfWindow } from '#core/terms/phrases.ts';
import type { Words } from '#core/terms/words.ts';
import type { SamplingClauseText } from './schema.ts';

export function words(clause: SamplingClauseText): Words {
  const long = wordsOfWindow(clause.window);
  const where = fromWords(clause.from);
  const carried =
    clause.carriesOver === true
      ? {
          zh: '（仅延续采样当日为有效期最后一日的结果）',
          en: ' that carries over a result on the last day of which the sample was taken',
        }
      : { zh: '', en: '' };
  const slip =
    clause.shownBy === undefined
      ? { zh: '', en: '' }
      : { zh: '（须有书面凭证）', en: `, if shown only by ${clause.shownBy.join(' or ').replaceAll('_', ' ')}` };
  const stay = ofArrivalWords(clause);
  return {
    zh: `${stay.zh}${where.zh}${long.zh}的采样记录${carried.zh}${slip.zh}`,
    en: `a sampling record${where.en} ${long.en}${stay.en}${carried.en}${slip.en}`,
  };
}
