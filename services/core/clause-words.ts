/**
 * A rule's clauses in words, made once when the rule is compiled. Sentences about a person are in wording.ts.
 */

import {
  type AllOfClauseText,
  type Anchor,
  type AnyOfClauseText,
  type ApartText,
  type ClauseText,
  clausesIn,
  type ForText,
  type From,
  type OfArrivalText,
  type VisitText,
  type WindowText,
} from './policy-clauses.ts';
import type { DutyTestsText, Words } from './policy.ts';
import { provinceOf } from './regions.ts';

const COUNTED_FROM: Readonly<Record<Anchor, Words>> = {
  report_issued: { zh: '出具报告', en: 'report issue' },
  sampled: { zh: '采样', en: 'sampling' },
  tested: { zh: '检测', en: 'testing' },
  day_before_night_report: { zh: '凌晨报告的前一日', en: 'the day before a report issued between 00:00 and 06:00' },
};

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
    case 'result': {
      const long = wordsOfWindow(clause.window);
      const where = placesOf(clause.from);
      const from = anchorWords(clause.countFrom);
      const stay = ofArrivalWords(clause);
      return {
        zh: `${stay.zh}${where.zh}${from.zh}${long.zh}的阴性结果`,
        en: `a negative result${where.en} ${long.en} of ${from.en}${stay.en}`,
      };
    }
    case 'sampling': {
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
    case 'tests': {
      const long = wordsOfWindow(clause.window);
      const where = placesOf(clause.from);
      const from = anchorWords(clause.countFrom);
      const apart = apartWords(clause.apart);
      const landing =
        clause.landing === 'excluded'
          ? { zh: '，不含落地检', en: ', the landing test not counted' }
          : { zh: '', en: '' };
      const stay = ofArrivalWords(clause);
      return {
        zh: `${stay.zh}${where.zh}${from.zh}${long.zh}的${clause.count}次阴性结果${apart.zh}${landing.zh}`,
        en:
          `${clause.count} negative results${where.en}, each ${long.en} of ` +
          `${from.en}${stay.en}${apart.en}${landing.en}`,
      };
    }
    case 'vaccination': {
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

export function wordsOfFor(text: ForText): Words {
  const parts: Words[] = [];
  const add = (zh: string, en: string): void => void parts.push({ zh, en });
  const {
    residence,
    entry,
    ageYears,
    accompanyingAdult,
    recoveredWithinMonths,
    commuter,
    stayHoursAtMost,
    stayHoursMoreThan,
    transferHoursAtMost,
    arrivedWithin,
    place,
    registeredIn,
    registeredOutside,
    visited,
    notVisited,
  } = text;
  if (residence !== undefined) add(residence === 'resident' ? '属本地居民' : '属外来人员', `${residence}s`);
  if (entry !== undefined) add(entry === 'first' ? '首次进入' : '再次进入', `${entry} entries`);
  if (commuter !== undefined)
    add(commuter ? '属通勤人员' : '非通勤人员', commuter ? 'commuters' : 'others than commuters');
  if (ageYears?.from !== undefined) add(`满${ageYears.from}岁`, `people of ${ageYears.from} and over`);
  if (ageYears?.under !== undefined) add(`未满${ageYears.under}岁`, `people under ${ageYears.under}`);
  if (ageYears?.upTo !== undefined) add(`${ageYears.upTo}岁及以下`, `people of ${ageYears.upTo} and under`);
  if (accompanyingAdult !== undefined)
    add(
      accompanyingAdult === 'recognised' ? '陪同成人获认可' : '陪同成人未获认可',
      `people whose accompanying adult is ${accompanyingAdult.replace('_', ' ')}`,
    );
  if (recoveredWithinMonths !== undefined)
    add(`康复${recoveredWithinMonths}个月内`, `people recovered within ${recoveredWithinMonths} months`);
  if (stayHoursAtMost !== undefined)
    add(`停留不超过${stayHoursAtMost}小时`, `stays of at most ${stayHoursAtMost} hours`);
  if (stayHoursMoreThan !== undefined)
    add(`停留超过${stayHoursMoreThan}小时`, `stays of more than ${stayHoursMoreThan} hours`);
  if (transferHoursAtMost !== undefined)
    add(`中转不超过${transferHoursAtMost}小时`, `people in transit who go on within ${transferHoursAtMost} hours`);
  if (arrivedWithin !== undefined)
    add(`到达${wordsOfWindow(arrivedWithin).zh}`, `people ${wordsOfWindow(arrivedWithin).en} of arriving`);
  if (place !== undefined) add(`在区划${place.join('、')}`, `places in ${place.join(', ')}`);
  if (registeredIn !== undefined)
    add(`身份证属区划${registeredIn.join('、')}`, `people registered in ${registeredIn.join(', ')}`);
  if (registeredOutside !== undefined)
    add(
      `身份证不属区划${registeredOutside.join('、')}`,
      `people registered elsewhere than in ${registeredOutside.join(', ')}`,
    );
  if (visited !== undefined) add(`${visitWords(visited).zh}`, `people with a ${visitWords(visited).en}`);
  if (notVisited !== undefined)
    add(`${visitWords(notVisited, true).zh}`, `people without a ${visitWords(notVisited).en}`);
  const { zh, en } = joined(parts, '且', ' and, at the same time, ');
  return { zh: `${zh}者`, en };
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

const LEVELS = {
  high: { zh: '高', en: 'high' },
  medium: { zh: '中', en: 'medium' },
  low: { zh: '低', en: 'low' },
} as const;

/** Such as "7日内高风险区旅居史": the days since leaving. */
function visitWords({ places, levels, window }: VisitText, no = false): Words {
  const anyRisk = { zh: places === undefined ? '风险区' : '', en: places === undefined ? 'risk ' : '' };
  const risk =
    levels === undefined
      ? anyRisk
      : {
          zh: `${levels.map((level) => LEVELS[level].zh).join('、')}风险区`,
          en: `${levels.map((level) => LEVELS[level].en).join('- or ')}-risk `,
        };
  const where =
    places === undefined ? { zh: '', en: '' } : { zh: `区划${places.join('、')}`, en: ` in ${places.join(', ')}` };
  const long = wordsOfWindow(window);
  const since = { zh: window.unit === 'hours' ? long.zh : long.zh.replace('个自然日', '日'), en: long.en };
  return {
    zh: `${since.zh}（自离开起算）${no ? '无' : '有'}${where.zh}${risk.zh}旅居史`,
    en:
      `stay in ${levels === undefined && places !== undefined ? 'an' : 'a'} ${risk.en}area${where.en} ` +
      `${since.en}, counted from leaving it`,
  };
}

/** Such as "within 48 hours". */
export function wordsOfWindow({ length, unit, end }: WindowText): Words {
  const less = end === 'exclusive';
  const long = `${length}${unit === 'hours' ? '小时' : '个自然日'}`;
  return {
    zh: less ? `不满${long}` : `${long}内`,
    en:
      `within ${less ? 'less than ' : ''}${length} ` +
      `${unit === 'hours' ? 'hour' : 'calendar day'}${length === 1 ? '' : 's'}`,
  };
}

export function anchorWords(countFrom: readonly Anchor[]): Words {
  const [first, ...others] = countFrom.map((anchor) => COUNTED_FROM[anchor]);
  const zh = others.map((other, at) => `${at === 0 ? '' : '再'}无则自${other.zh}起`).join('，');
  return {
    zh: `自${first?.zh ?? ''}起${zh === '' ? '' : `（${zh}）`}`,
    en: [first, ...others].map((one) => one?.en).join(', else '),
  };
}

function apartWords(apart: ApartText | undefined): Words {
  const least =
    apart?.atLeastHours === undefined
      ? { zh: '', en: '' }
      : { zh: `，间隔不少于${apart.atLeastHours}小时`, en: `, at least ${apart.atLeastHours} hours apart` };
  const most =
    apart?.atMostHours === undefined
      ? { zh: '', en: '' }
      : { zh: `，间隔不超过${apart.atMostHours}小时`, en: `, at most ${apart.atMostHours} hours apart` };
  return { zh: least.zh + most.zh, en: least.en + most.en };
}

function ofArrivalWords({ sinceDayOfStay: day, atArrival }: OfArrivalText): Words {
  if (atArrival === true) return { zh: '到达时', en: ', as of the arrival' };
  if (day === undefined) return { zh: '', en: '' };
  return day === 1
    ? { zh: '到达后所采、', en: ', taken since the arrival' }
    : { zh: `到达第${day}天起所采、`, en: `, taken on day ${day} of the stay or later` };
}

/** Such as "2 tests: 1 from 0 to 24 hours after arriving, 1 on days 1 to 4". */
export function wordsOfDutyTests({ takes, spans, apart, landing }: DutyTestsText): Words {
  const all = joined(
    spans.map(({ count, unit, from, to }) =>
      unit === 'hours'
        ? {
            zh: `到达后${from === 0 ? '' : `${from}至`}${to}小时内${count}次`,
            en: `${count} ${from === 0 ? `within ${to}` : `from ${from} to ${to}`} hours of arriving`,
          }
        : {
            zh: `到达第${from === to ? from : `${from}至${to}`}天${count}次`,
            en: `${count} on day${from === to ? ` ${from}` : `s ${from} to ${to}`} of the stay`,
          },
    ),
    '，',
    ', ',
  );
  const least = apartWords(apart);
  const excluded =
    landing === 'excluded' ? { zh: '，不含落地检', en: ', the landing test not counted' } : { zh: '', en: '' };
  return {
    zh: `${DUTY_TAKEN[takes].zh}：${all.zh}${least.zh}${excluded.zh}`,
    en: `${DUTY_TAKEN[takes].en}: ${all.en}${least.en}${excluded.en}`,
  };
}

const DUTY_TAKEN: Readonly<Record<DutyTestsText['takes'], Words>> = {
  samplings: { zh: '采样', en: 'samples' },
  results: { zh: '检测', en: 'tests' },
  negatives: { zh: '阴性结果', en: 'negatives' },
};

function placesOf(from: From): Words {
  if (from === 'all') return { zh: '', en: '' };
  const provinces = from.map(provinceOf);
  return {
    zh: provinces.map(({ nameZh }) => nameZh).join('、'),
    en: ` from ${provinces.map(({ nameEn }) => nameEn).join(', ')}`,
  };
}

function joined(words: readonly Words[], zh: string, en: string): Words {
  return { zh: words.map((one) => one.zh).join(zh), en: words.map((one) => one.en).join(en) };
}
