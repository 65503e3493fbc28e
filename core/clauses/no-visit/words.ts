/** A clause `no_visit` in words. */

import { visitWords } from '#core/terms/condition-words.ts';
import type { Words } from '#core/terms/words.ts';
import type { NoVisitClauseText } from './schema.ts';

export function words(clause: NoVisitClauseText): Words {
  const visit = visitWords(clause, true);
  return { zh: visit.zh, en: `no ${visit.en}` };
}
