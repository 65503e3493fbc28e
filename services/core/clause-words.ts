/**
 * A rule's clauses in words, made once when the rule is compiled. Sentences about a person are in wording.ts.
 */
import type { DutyTestsText, Words } from './policy.ts';
import type { Anchor, ApartText, ClauseText, ForText, From, OfArrivalText, VisitText, WindowText } from './policy-clauses.ts';
import { provinceOf } from './regions.ts';

const COUNTED_FROM: Readonly<Record<Anchor, Words>> = {
  report_issued: { zh: '出具报告', en: 'report issue' },
  sampled: { zh: '采样', en: 'sampling' },
  tested: { zh: '检测', en: 'testing' },
  day_before_night_report: { zh: '凌晨报告的前一日', en: 'the day before a report issued between 00:00 and 06:00' },
};

/** Any one of them, such as "a negative result within 48 hours of report issue". */
export function wordsOfClauses(clauses: readonly ClauseText[]): Words {
  return joined(clauses.map(wordsOfClause), '，或', ', or ');
}

export function wordsOfClause(clause: ClauseText): Words {
  const words = partWords(clause);
  if (clause.for === undefined) return words;
  const who = wordsOfFor(clause.for);
  return { zh: `${who.zh}：${words.zh}`, en: `for ${who.en}: ${words.en}` };
}

function partWords(clause: ClauseText): Words {
  switch (clause.kind) {
    case 'result': {
      const long = wordsOfWindow(clause.window);
      const where = placesOf(clause.from);
      const from = anchorWords(clause.countFrom);
      const stay = ofArrivalWords(clause);
      return { zh: `${stay.zh}${where.zh}自${from.zh}起${long.zh}的阴性结果`, en: `a negative result${where.en} ${long.en} of ${from.en}${stay.en}` };
    }
    case 'sampling': {
      const long = wordsOfWindow(clause.window);
      const where = placesOf(clause.from);
      const carried = clause.carriesOver === true ? { zh: '（仅延续采样当日为有效期最后一日的结果）', en: ' that carries over a result on the last day of which the sample was taken' } : { zh: '', en: '' };
      const slip = clause.shownBy === undefined ? { zh: '', en: '' } : { zh: '（须有书面凭证）', en: `, if shown only by ${clause.shownBy.join(' or ').replaceAll('_', ' ')}` };
      const stay = ofArrivalWords(clause);
      return { zh: `${stay.zh}${where.zh}${long.zh}的采样记录${carried.zh}${slip.zh}`, en: `a sampling record${where.en} ${long.en}${stay.en}${carried.en}${slip.en}` };
    }
    case 'tests': {
      const long = wordsOfWindow(clause.window);
      const where = placesOf(clause.from);
      const from = anchorWords(clause.countFrom);
      const apart = apartWords(clause.apart);
      const landing = clause.landing === 'excluded' ? { zh: '，不含落地检', en: ', the landing test not counted' } : { zh: '', en: '' };
      const stay = ofArrivalWords(clause);
      return { zh: `${stay.zh}${where.zh}自${from.zh}起${long.zh}的${clause.count}次阴性结果${apart.zh}${landing.zh}`, en: `${clause.count} negative results${where.en}, each ${long.en} of ${from.en}${stay.en}${apart.en}${landing.en}` };
    }
    case 'vaccination': {
      const long = clause.window === undefined ? { zh: '', en: '' } : { zh: `，末次接种在${wordsOfWindow(clause.window).zh}`, en: `, the last ${wordsOfWindow(clause.window).en}` };
      const ago = clause.atLeastDaysAgo === undefined ? { zh: '', en: '' } : { zh: `，末次接种满${clause.atLeastDaysAgo}天`, en: `, the last at least ${clause.atLeastDaysAgo} days ago` };
      return { zh: `已接种${clause.doses}剂疫苗${long.zh}${ago.zh}`, en: `${clause.doses} vaccine dose${clause.doses === 1 ? '' : 's'}${long.en}${ago.en}` };
    }
    case 'no_visit': {
      const visit = visitWords(clause);
      return { zh: `无${visit.zh}`, en: `no ${visit.en}` };
    }
    case 'duty':
      return clause.is === 'done' ? { zh: `已完成“${clause.duty}”`, en: `the duty ${clause.duty} is done` } : { zh: `未按时完成“${clause.duty}”`, en: `the duty ${clause.duty} was missed` };
    case 'exempt':
      return { zh: '免予查验', en: 'nothing is asked' };
    case 'all_of':
      return joined(clause.of.map(wordsOfClause), '，并且', ', and ', true);
    case 'any_of':
      return joined(clause.of.map(wordsOfClause), '，或', ', or ', true);
  }
}

export function wordsOfFor(text: ForText): Words {
  const parts: Words[] = [];
  const add = (zh: string, en: string): void => void parts.push({ zh, en });
  const { residence, entry, ageYears, accompanyingAdult, recoveredWithinMonths, commuter, stayHoursAtMost, stayHoursMoreThan, arrivedWithin, place, registeredIn, visited, notVisited } = text;
  if (residence !== undefined) add(residence === 'resident' ? '本地居民' : '外来人员', `${residence}s`);
  if (entry !== undefined) add(entry === 'first' ? '首次进入者' : '再次进入者', `${entry} entries`);
  if (commuter !== undefined) add(commuter ? '通勤人员' : '非通勤人员', commuter ? 'commuters' : 'others than commuters');
  if (ageYears?.from !== undefined) add(`满${ageYears.from}岁者`, `people of ${ageYears.from} and over`);
  if (ageYears?.under !== undefined) add(`未满${ageYears.under}岁者`, `people under ${ageYears.under}`);
  if (ageYears?.upTo !== undefined) add(`${ageYears.upTo}岁及以下者`, `people of ${ageYears.upTo} and under`);
  if (accompanyingAdult !== undefined) add(accompanyingAdult === 'recognised' ? '陪同成人获认可者' : '陪同成人未获认可者', `people whose accompanying adult is ${accompanyingAdult.replace('_', ' ')}`);
  if (recoveredWithinMonths !== undefined) add(`康复${recoveredWithinMonths}个月内者`, `people recovered within ${recoveredWithinMonths} months`);
  if (stayHoursAtMost !== undefined) add(`停留不超过${stayHoursAtMost}小时者`, `stays of at most ${stayHoursAtMost} hours`);
  if (stayHoursMoreThan !== undefined) add(`停留超过${stayHoursMoreThan}小时者`, `stays of more than ${stayHoursMoreThan} hours`);
  if (arrivedWithin !== undefined) add(`到达${wordsOfWindow(arrivedWithin).zh}者`, `people ${wordsOfWindow(arrivedWithin).en} of arriving`);
  if (place !== undefined) add(`在区划${place.join('、')}`, `places in ${place.join(', ')}`);
  if (registeredIn !== undefined) add(`身份证属区划${registeredIn.join('、')}者`, `people registered in ${registeredIn.join(', ')}`);
  if (visited !== undefined) add(`有${visitWords(visited).zh}者`, `people with a ${visitWords(visited).en}`);
  if (notVisited !== undefined) add(`无${visitWords(notVisited).zh}者`, `people without a ${visitWords(notVisited).en}`);
  return joined(parts, '且', ' and ');
}

const LEVELS = { high: { zh: '高', en: 'high' }, medium: { zh: '中', en: 'medium' }, low: { zh: '低', en: 'low' } } as const;

function visitWords({ places, levels, window }: VisitText): Words {
  const long = wordsOfWindow(window);
  const risk = levels === undefined ? { zh: '', en: '' } : { zh: `${levels.map((level) => LEVELS[level].zh).join('、')}风险区`, en: `${levels.map((level) => LEVELS[level].en).join('- or ')}-risk ` };
  const where = places === undefined ? { zh: '', en: '' } : { zh: `区划${places.join('、')}`, en: ` in ${places.join(', ')}` };
  return { zh: `离开${long.zh}的${where.zh}${risk.zh}旅居史`, en: `stay in ${levels === undefined ? 'an ' : `a ${risk.en}`}area${where.en} ${long.en} of leaving it` };
}

/** Such as "within 48 hours". */
export function wordsOfWindow({ length, unit, end }: WindowText): Words {
  const less = end === 'exclusive';
  const long = `${length}${unit === 'hours' ? '小时' : '个自然日'}`;
  return { zh: less ? `不满${long}` : `${long}内`, en: `within ${less ? 'less than ' : ''}${length} ${unit === 'hours' ? 'hour' : 'calendar day'}${length === 1 ? '' : 's'}` };
}

function anchorWords(countFrom: readonly Anchor[]): Words {
  return joined(countFrom.map((anchor) => COUNTED_FROM[anchor]), '、无则', ', else ');
}

function apartWords(apart: ApartText | undefined): Words {
  const least = apart?.atLeastHours === undefined ? { zh: '', en: '' } : { zh: `，间隔不少于${apart.atLeastHours}小时`, en: `, at least ${apart.atLeastHours} hours apart` };
  const most = apart?.atMostHours === undefined ? { zh: '', en: '' } : { zh: `，间隔不超过${apart.atMostHours}小时`, en: `, at most ${apart.atMostHours} hours apart` };
  return { zh: least.zh + most.zh, en: least.en + most.en };
}

function ofArrivalWords({ sinceDayOfStay: day, atArrival }: OfArrivalText): Words {
  if (atArrival === true) return { zh: '到达时', en: ', as of the arrival' };
  if (day === undefined) return { zh: '', en: '' };
  return day === 1 ? { zh: '到达后所采、', en: ', taken since the arrival' } : { zh: `到达第${day}天起所采、`, en: `, taken on day ${day} of the stay or later` };
}

/** Such as "2 tests: 1 from 0 to 24 hours after arriving, 1 on days 1 to 4". */
export function wordsOfDutyTests({ takes, spans, apart, landing }: DutyTestsText): Words {
  const all = joined(
    spans.map(({ count, unit, from, to }) =>
      unit === 'hours'
        ? { zh: `到达后${from === 0 ? '' : `${from}至`}${to}小时内${count}次`, en: `${count} ${from === 0 ? `within ${to}` : `from ${from} to ${to}`} hours of arriving` }
        : { zh: `到达第${from === to ? from : `${from}至${to}`}天${count}次`, en: `${count} on day${from === to ? ` ${from}` : `s ${from} to ${to}`} of the stay` },
    ),
    '，',
    ', ',
  );
  const least = apartWords(apart);
  const excluded = landing === 'excluded' ? { zh: '，不含落地检', en: ', the landing test not counted' } : { zh: '', en: '' };
  return { zh: `${DUTY_TAKEN[takes].zh}：${all.zh}${least.zh}${excluded.zh}`, en: `${DUTY_TAKEN[takes].en}: ${all.en}${least.en}${excluded.en}` };
}

const DUTY_TAKEN: Readonly<Record<DutyTestsText['takes'], Words>> = {
  samplings: { zh: '采样', en: 'samples' },
  results: { zh: '检测', en: 'tests' },
  negatives: { zh: '阴性结果', en: 'negatives' },
};

function placesOf(from: From): Words {
  if (from === 'all') return { zh: '', en: '' };
  const provinces = from.map(provinceOf);
  return { zh: provinces.map(({ nameZh }) => nameZh).join('、'), en: ` from ${provinces.map(({ nameEn }) => nameEn).join(', ')}` };
}

function joined(words: readonly Words[], zh: string, en: string, bracketed = false): Words {
  const all = { zh: words.map((one) => one.zh).join(zh), en: words.map((one) => one.en).join(en) };
  return bracketed && words.length > 1 ? { zh: `（${all.zh}）`, en: `(${all.en})` } : all;
}
