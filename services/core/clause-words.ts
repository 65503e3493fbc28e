/**
 * A rule's clauses in words, made once when the rule is compiled. Sentences about a person are in wording.ts.
 */
import type { Anchor, ClauseText, Words } from './policy.ts';
import { provinceOf } from './regions.ts';

const COUNTED_FROM: Readonly<Record<Anchor, Words>> = {
  report_issued: { zh: '出具报告', en: 'report issue' },
  sampled: { zh: '采样', en: 'sampling' },
  tested: { zh: '检测', en: 'testing' },
  day_before_night_report: { zh: '凌晨报告的前一日', en: 'the day before a report issued between 00:00 and 06:00' },
};

/** Such as "a negative result within 48 hours of report issue". */
export function wordsOfClause(clause: ClauseText): Words {
  const { length, unit, end } = clause.window;
  const less = end === 'exclusive';
  const long = `${length}${unit === 'hours' ? '小时' : '个自然日'}`;
  const zh = less ? `不满${long}` : `${long}内`;
  const en = `within ${less ? 'less than ' : ''}${length} ${unit === 'hours' ? 'hour' : 'calendar day'}${length === 1 ? '' : 's'}`;
  const where = placesOf(clause);
  if (clause.kind === 'sampling') return { zh: `${where.zh}${zh}的采样记录`, en: `a sampling record${where.en} ${en}` };
  const from = {
    zh: clause.countFrom.map((anchor) => COUNTED_FROM[anchor].zh).join('、无则'),
    en: clause.countFrom.map((anchor) => COUNTED_FROM[anchor].en).join(', else '),
  };
  return { zh: `${where.zh}自${from.zh}起${zh}的阴性结果`, en: `a negative result${where.en} ${en} of ${from.en}` };
}

function placesOf({ from }: ClauseText): Words {
  if (from === 'all') return { zh: '', en: '' };
  const provinces = from.map(provinceOf);
  return { zh: provinces.map(({ nameZh }) => nameZh).join('、'), en: ` from ${provinces.map(({ nameEn }) => nameEn).join(', ')}` };
}
