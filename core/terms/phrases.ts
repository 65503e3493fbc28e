/**
 * The phrases that clauses, conditions and duties have in common, in Chinese and English: how long, counted from what,
 * how far apart. A phrase stands within a sentence; none says alone what a rule asks for.
 */

import { provinceOf } from '#core/field/regions.ts';
import type { ApartText, From, OfArrivalText } from './evidence-text.ts';
import type { Anchor, AnchorText, CountedText, WindowText } from './window-text.ts';
import type { Words } from './words.ts';

const COUNTED_FROM: Readonly<Record<Anchor, Words>> = {
  report_issued: { zh: '出具报告', en: 'report issue' },
  sampled: { zh: '采样', en: 'sampling' },
  tested: { zh: '检测', en: 'testing' },
  day_before_night_report: { zh: '凌晨报告的前一日', en: 'the day before a report issued between 00:00 and 06:00' },
};

/** Such as "within 48 hours". */
export function wordsOfWindow({ length, unit, end }: WindowText): Words {
  const less = end === 'exclusive';
  const long = `${length}${UNITS[unit].zh}`;
  return {
    zh: less ? `不满${long}` : `${long}内`,
    en: `within ${less ? 'less than ' : ''}${length} ` + `${UNITS[unit].en}${length === 1 ? '' : 's'}`,
  };
}

const UNITS: Readonly<Record<WindowText['unit'], Words>> = {
  hours: { zh: '小时', en: 'hour' },
  calendar_days: { zh: '个自然日', en: 'calendar day' },
  calendar_months: { zh: '个月', en: 'month' },
};

/** Such as "within 24 hours of report issue and within 48 hours of sampling". */
export function countedWords({
  countFrom,
  window,
  alsoWithin = [],
}: CountedText & { readonly alsoWithin?: readonly CountedText[] }): Words {
  return joined(
    [{ countFrom, window }, ...alsoWithin].map((one) => {
      const [from, long] = [anchorWords(one.countFrom), wordsOfWindow(one.window)];
      return { zh: `${from.zh}${long.zh}`, en: `${long.en} of ${from.en}` };
    }),
    '且',
    ' and ',
  );
}

export function anchorWords(countFrom: readonly AnchorText[]): Words {
  const [first, ...others] = countFrom.map(anchorPhrase);
  const zh = others.map((other, at) => `${at === 0 ? '' : '再'}无则自${other.zh}起`).join('，');
  return {
    zh: `自${first?.zh ?? ''}起${zh === '' ? '' : `（${zh}）`}`,
    en: [first, ...others].map((one) => one?.en).join(', else '),
  };
}

function anchorPhrase(text: AnchorText): Words {
  if (typeof text === 'string') return COUNTED_FROM[text];
  const { zh, en } = COUNTED_FROM[text.anchor];
  return {
    zh: `${zh}前${text.minusHours}小时`,
    en: `${text.minusHours} hour${text.minusHours === 1 ? '' : 's'} before ${en}`,
  };
}

export function apartWords(apart: ApartText | undefined): Words {
  const least =
    apart?.atLeastHours === undefined
      ? { zh: '', en: '' }
      : { zh: `，间隔不少于${apart.atLeastHours}小时`, en: `, at least ${apart.atLeastHours} hours apart` };
  const most =
    apart?.atMostHours === undefined
      ? { zh: '', en: '' }
      : { zh: `，间隔不超过${apart.atMostHours}小时`, en: `, at most ${apart.atMostHours} hours apart` };
  const days =
    apart?.onConsecutiveDays === true
      ? { zh: '，每日一次、逐日连续', en: ', on consecutive days' }
      : { zh: '', en: '' };
  return { zh: least.zh + most.zh + days.zh, en: least.en + most.en + days.en };
}

export function joined(words: readonly Words[], zh: string, en: string): Words {
  return { zh: words.map((one) => one.zh).join(zh), en: words.map((one) => one.en).join(en) };
}

/** Such as "taken since the arrival"; empty where the arrival isn't looked at. */
export function ofArrivalWords({ sinceDayOfStay: day, atArrival }: OfArrivalText): Words {
  if (atArrival === true) return { zh: '到达时', en: ', as of the arrival' };
  if (day === undefined) return { zh: '', en: '' };
  return day === 1
    ? { zh: '到达后所采、', en: ', taken since the arrival' }
    : { zh: `到达第${day}天起所采、`, en: `, taken on day ${day} of the stay or later` };
}

/** Such as "from Hunan"; empty for everybody's. */
export function fromWords(from: From): Words {
  if (from === 'all') return { zh: '', en: '' };
  const provinces = from.map(provinceOf);
  return {
    zh: provinces.map(({ nameZh }) => nameZh).join('、'),
    en: ` from ${provinces.map(({ nameEn }) => nameEn).join(', ')}`,
  };
}
