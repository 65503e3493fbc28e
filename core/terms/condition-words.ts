/**
 * Whom a clause is for, in words: all parts of `for`, and the stays in risk areas. What is asked of them, each
 * kind of clause says itself.
 */

import type { ForText, VisitText } from './for-text.ts';
import { joined, wordsOfWindow } from './phrases.ts';
import type { Words } from './words.ts';

/** How rules name the classes of person that they speak of. */
export type ClassNames = Readonly<Record<string, Words>>;

export function wordsOfFor(text: ForText, classes: ClassNames = {}): Words {
  const parts: Words[] = [];
  const add = (zh: string, en: string): void => void parts.push({ zh, en });
  const {
    residence,
    entry,
    ageYears,
    accompanyingAdult,
    recoveredWithinMonths,
    recoveredWithinDays,
    class: named,
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
  if (recoveredWithinDays !== undefined)
    add(`康复${recoveredWithinDays}日内`, `people recovered within ${recoveredWithinDays} days`);
  if (named !== undefined) {
    const { zh, en } = classes[named] ?? { zh: named, en: named.replaceAll('_', ' ') };
    add(`属${zh}`, en);
  }
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

const LEVELS = {
  high: { zh: '高', en: 'high' },
  medium: { zh: '中', en: 'medium' },
  low: { zh: '低', en: 'low' },
} as const;

/** Such as "7日内高风险区旅居史": the days since leaving. */
export function visitWords({ places, levels, longerThanHours, window }: VisitText, no = false): Words {
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
  const lasting =
    longerThanHours === undefined
      ? { zh: '', en: '' }
      : { zh: `停留超过${longerThanHours}小时的`, en: `of more than ${longerThanHours} hours ` };
  const long = wordsOfWindow(window);
  const since = { zh: window.unit === 'hours' ? long.zh : long.zh.replace('个自然日', '日'), en: long.en };
  return {
    zh: `${since.zh}（自离开起算）${no ? '无' : '有'}${lasting.zh}${where.zh}${risk.zh}旅居史`,
    en:
      `stay ${lasting.en}in ${levels === undefined && places !== undefined ? 'an' : 'a'} ${risk.en}area${where.en} ` +
      `${since.en}, counted from leaving it`,
  };
}
