/**
 * A rule's clauses in words, made once when the rule is compiled. What a kind of clause says, its own words.ts says;
 * here they are put together. Sentences about a person are in wording.ts.
 */

import { type ClassNames, wordsOfFor } from '#core/terms/condition-words.ts';
import type { ForText } from '#core/terms/for-text.ts';
import { joined } from '#core/terms/phrases.ts';
import type { Words } from '#core/terms/words.ts';
import { type ClauseText, clausesIn, type GroupClauseText, isGroup } from './clause-text.ts';
import { kindOf } from './kinds.ts';

/** Any one of them, such as "a negative result within 48 hours of report issue". */
export function wordsOfClauses(clauses: readonly ClauseText[], classes: ClassNames = {}): Words {
  const [only] = clauses;
  if (clauses.length === 1 && only !== undefined && only.for === undefined && isGroup(only))
    return wordsOfGroup(only, classes);
  return joined(
    clauses.map((one) => wordsOfClause(one, classes)),
    '；或',
    '; or ',
  );
}

/** Only what takes results, and for whom; null without any. */
export function wordsOfResults(clauses: readonly ClauseText[], classes: ClassNames = {}): Words | null {
  const words = clauses.flatMap((outer) =>
    [...clausesIn(outer)].flatMap(({ clause, within }) => {
      if (isGroup(clause) || kindOf(clause).looksAt(clause).result === undefined) return [];
      return [
        [...within]
          .reverse()
          .reduce(
            (inner, { for: who }) => (who === undefined ? inner : wordsFor(who, inner, classes)),
            wordsOfClause(clause, classes),
          ),
      ];
    }),
  );
  return words.length === 0 ? null : joined(words, '；或', '; or ');
}

export function wordsOfClause(clause: ClauseText, classes: ClassNames = {}): Words {
  const words = partWords(clause, classes);
  return clause.for === undefined ? words : wordsFor(clause.for, words, classes);
}

/** Of a state's or duty's `when` and `unless`. */
export function wordsOfCondition(clause: ClauseText, classes: ClassNames = {}): Words {
  if (!isGroup(clause)) return kindOf(clause).wordsAsCondition?.(clause, classes) ?? wordsOfClause(clause, classes);
  const parts = clause.of.map((one) => wordsOfCondition(one, classes));
  const words = clause.kind === 'all_of' ? joined(parts, '，并且', ', and ') : joined(parts, '，或', ', or ');
  return clause.for === undefined ? words : wordsFor(clause.for, bracketed(words), classes);
}

function wordsFor(text: ForText, words: Words, classes: ClassNames): Words {
  const who = wordsOfFor(text, classes);
  return { zh: `${who.zh}：${words.zh}`, en: `for ${who.en}: ${words.en}` };
}

function partWords(clause: ClauseText, classes: ClassNames): Words {
  return isGroup(clause) ? bracketed(wordsOfGroup(clause, classes)) : kindOf(clause).words(clause);
}

function wordsOfGroup({ kind, of }: GroupClauseText, classes: ClassNames): Words {
  const parts = of.map((one) => wordsOfClause(one, classes));
  return kind === 'all_of' ? joined(parts, '，并且', ', and ') : joined(parts, '，或', ', or ');
}

/** Square ones around round ones, so that a reader sees which belong together. */
function bracketed({ zh, en }: Words): Words {
  return { zh: zh.includes('（') ? `［${zh}］` : `（${zh}）`, en: en.includes('(') ? `[${en}]` : `(${en})` };
}
