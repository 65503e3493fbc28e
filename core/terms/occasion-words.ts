/** Statements and instants in words. */

import type { Instant, Statement } from '#core/question/occasion.ts';
import type { Words } from './words.ts';

export const INSTANT_WORDS: Readonly<Record<Instant, Words>> = {
  checkpoint: { zh: '到达检查点的时刻', en: 'the arrival at the checkpoint' },
  boarding: { zh: '登机登车的时刻', en: 'boarding' },
  scheduled_departure: { zh: '计划出发时刻', en: 'the scheduled departure' },
  scheduled_arrival: { zh: '计划到达时刻', en: 'the scheduled arrival' },
  scheduled_landing: { zh: '计划落地时刻', en: 'the scheduled landing' },
};

const STATEMENT_WORDS: Readonly<Record<Statement, Words>> = {
  kind: { zh: '场所类别', en: 'the kind of place' },
  instant: { zh: '时刻的含义', en: 'what the instant is' },
  delayedFromMs: { zh: '原计划时刻', en: 'when it was first scheduled' },
  stayedInside: { zh: '是否未离开隔离区', en: 'whether the person stayed inside' },
  residence: { zh: '是否本地居民', en: 'residence' },
  entry: { zh: '是否首次进入', en: 'whether it is the first entry' },
  ageYears: { zh: '年龄', en: 'the age' },
  accompanyingAdult: { zh: '陪同成人的查验结果', en: 'the accompanying adult’s answer' },
  recoveredOnDay: { zh: '康复日期', en: 'the day of recovery' },
  commuter: { zh: '是否通勤人员', en: 'whether the person commutes' },
  classes: { zh: '人员类别', en: 'what the person is by trade or status' },
  transferHours: { zh: '中转时长', en: 'the length of the transfer' },
  stayHours: { zh: '停留时长', en: 'the length of the stay' },
  arrivedAtMs: { zh: '到达时刻', en: 'the time of arrival' },
  place: { zh: '所在区划', en: 'the place' },
  registeredIn: { zh: '身份证所属区划', en: 'the place of registration' },
  visits: { zh: '旅居史', en: 'the stays in risk areas' },
};

export function statementWords(statements: readonly Statement[]): Words {
  const words = statements.map((statement) => STATEMENT_WORDS[statement]);
  return { zh: words.map(({ zh }) => zh).join('、'), en: words.map(({ en }) => en).join(' and ') };
}
