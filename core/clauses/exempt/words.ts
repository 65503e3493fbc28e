/** A clause `exempt` in words. */

import { type ClassNames, wordsOfFor } from '#core/terms/condition-words.ts';
import type { Words } from '#core/terms/words.ts';
import type { ExemptClauseText } from './schema.ts';

export function words(): Words {
  return { zh: '免予查验', en: 'nothing is asked' };
}

/** As a condition of a state or duty, where it stands for everybody whom it is for. */
export function wordsAsCondition({ for: who }: ExemptClauseText, classes: ClassNames = {}): Words {
  return who === undefined ? { zh: '所有人', en: 'everybody' } : wordsOfFor(who, classes);
}
