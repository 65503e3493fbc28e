/**
 * A rule's clauses in words, made once when the rule is compiled. Sentences about a person are in wording.ts.
 */

import { provinceOf } from '#core/field/regions.ts';
import {
  type AllOfClauseText,
  type AnyOfClauseText,
  type ClauseText,
  clausesIn,
  type ForText,
  type From,
  type OfArrivalText,
  type ResultClauseText,
  type SamplingClauseText,
  type TestsClauseText,
  type VaccinationClauseText,
} from './clause-text.ts';
import { visitWords, wordsOfFor } from './condition-words.ts';
import { anchorWords, apartWords, joined, wordsOfWindow } from './phrases.ts';
import type { Words } from './rule-text.ts';

/** Any one of them, such as "a negative result within 48 hours of report issue". */
export function wordsOfClauses(clauses: readonly ClauseText[]): Words {
  const [only] = clauses;
  if (
    clauses.length === 1 &&
    only !== undefined &&
    only.for === undefined &&
    (only.kind === 'all_of' || only.kind === 'any_of')
  )
    return wordsOfGroup(only);
  return joined(clauses.map(wordsOfClause), '；或', '; or ');
}

/** Only what takes results, and for whom; null without any. */
export function wordsOfResults(clauses: readonly ClauseText[]): Words | null {
  const words = clauses.flatMap((outer) =>
    [...clausesIn(outer)].flatMap(({ clause, within }) => {
      if (clause.kind !== 'result' && clause.kind !== 'tests') return [];
      return [
        [...within]
          .reverse()
          .reduce((inner, { for: who }) => (who === undefined ? inner : wordsFor(who, inner)), wordsOfClause(clause)),
      ];
    }),
  );
  return words.length === 0 ? null : joined(words, '；或', '; or ');
}

export function wordsOfClause(clause: ClauseText): Words {
  const words = partWords(clause);
  return clause.for === undefined ? words : wordsFor(clause.for, words);
}

/** Of a state's `when` and `unless`, where `exempt` stands for everybody whom it is for. */
export function wordsOfCondition(clause: ClauseText): Words {
  if (clause.kind === 'exempt')
    return clause.for === undefined ? { zh: '所有人', en: 'everybody' } : wordsOfFor(clause.for);
  if (clause.kind !== 'all_of' && clause.kind !== 'any_of') return wordsOfClause(clause);
  const parts = clause.of.map(wordsOfCondition);
  const words = clause.kind === 'all_of' ? joined(parts, '，并且', ', and ') : joined(parts, '，或', ', or ');
  return clause.for === undefined ? words : wordsFor(clause.for, bracketed(words));
}

function wordsFor(text: ForText, words: Words): Words {
  const who = wordsOfFor(text);
  return { zh: `${who.zh}：${words.zh}`, en: `for ${who.en}: ${words.en}` };
}

function partWords(clause: ClauseText): Words {
  switch (clause.kind) {
    case 'result':
      return resultWords(clause);
    case 'sampling':
      return samplingWords(clause);
    case 'tests':
      return testsWords(clause);
    case 'vaccination':
      return vaccinationWords(clause);
    case 'no_visit': {
      const visit = visitWords(clause, true);
      return { zh: visit.zh, en: `no ${visit.en}` };
    }
    case 'duty':
      return clause.is === 'done'
        ? { zh: `已完成“${clause.duty}”`, en: `the duty ${clause.duty} is done` }
        : { zh: `未按时完成“${clause.duty}”`, en: `the duty ${clause.duty} was missed` };
    case 'exempt':
      return { zh: '免予查验', en: 'nothing is asked' };
    case 'all_of':
    case 'any_of':
      return bracketed(wordsOfGroup(clause));
  }
}

function resultWords(clause: ResultClauseText): Words {
  const long = wordsOfWindow(clause.window);
  const where = placesOf(clause.from);
  const from = anchorWords(clause.countFrom);
  const stay = ofArrivalWords(clause);
  return {
    zh: `${stay.zh}${where.zh}${from.zh}${long.zh}的阴性结果`,
    en: `a negative result${where.en} ${long.en} of ${from.en}${stay.en}`,
  };
}

function samplingWords(clause: SamplingClauseText): Words {
  const long = wordsOfWindow(clause.window);
  const where = placesOf(clause.from);
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

function testsWords(clause: TestsClauseText): Words {
  const long = wordsOfWindow(clause.window);
  const where = placesOf(clause.from);
  const from = anchorWords(clause.countFrom);
  const apart = apartWords(clause.apart);
  const landing =
    clause.landing === 'excluded' ? { zh: '，不含落地检', en: ', the landing test not counted' } : { zh: '', en: '' };
  const stay = ofArrivalWords(clause);
  return {
    zh: `${stay.zh}${where.zh}${from.zh}${long.zh}的${clause.count}次阴性结果${apart.zh}${landing.zh}`,
    en:
      `${clause.count} negative results${where.en}, each ${long.en} of ` +
      `${from.en}${stay.en}${apart.en}${landing.en}`,
  };
}

function vaccinationWords(clause: VaccinationClauseText): Words {
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
  return {
    zh: `已接种${clause.doses}剂疫苗${long.zh}${ago.zh}`,
    en: `${clause.doses} vaccine dose${clause.doses === 1 ? '' : 's'}${long.en}${ago.en}`,
  };
}

function wordsOfGroup({ kind, of }: AllOfClauseText | AnyOfClauseText): Words {
  return kind === 'all_of'
    ? joined(of.map(wordsOfClause), '，并且', ', and ')
    : joined(of.map(wordsOfClause), '，或', ', or ');
}

/** Square ones around round ones, so that a reader sees which belong together. */
function bracketed({ zh, en }: Words): Words {
  return { zh: zh.includes('（') ? `［${zh}］` : `（${zh}）`, en: en.includes('(') ? `[${en}]` : `(${en})` };
}

function ofArrivalWords({ sinceDayOfStay: day, atArrival }: OfArrivalText): Words {
  if (atArrival === true) return { zh: '到达时', en: ', as of the arrival' };
  if (day === undefined) return { zh: '', en: '' };
  return day === 1
    ? { zh: '到达后所采、', en: ', taken since the arrival' }
    : { zh: `到达第${day}天起所采、`, en: `, taken on day ${day} of the stay or later` };
}

function placesOf(from: From): Words {
  if (from === 'all') return { zh: '', en: '' };
  const provinces = from.map(provinceOf);
  return {
    zh: provinces.map(({ nameZh }) => nameZh).join('、'),
    en: ` from ${provinces.map(({ nameEn }) => nameEn).join(', ')}`,
  };
}
