/**
 * Answers as sentences that a guard at a gate understands, in Chinese and English. They say only what the decision
 * says, and never who the person is.
 */

import { originallyMs, type Rule } from '#core/book/rule.ts';
import type { Decision } from '#core/decision/decision.ts';
import type { Doubt } from '#core/decision/doubt.ts';
import type { Finding, Lasting } from '#core/decision/finding.ts';
import type { QuestionFault } from '#core/decision/outcome.ts';
import { type ProvinceCode, provinceOf } from '#core/field/regions.ts';
import { formatClock, formatDay, shanghaiDayOf } from '#core/field/time.ts';
import { type Evidence, isPresented, isResult } from '#core/question/evidence.ts';
import type { Redated } from '#core/rules/redate.ts';
import { FLOOR_FROM_MS } from '#core/terms/notice.ts';
import { INSTANT_WORDS, statementWords } from '#core/terms/occasion-words.ts';
import type { Words } from '#core/terms/words.ts';
import { leakedWords } from './leaked-words.ts';
import { goingInWords, KINDS_DIFFER, kindWords, NO_RULE_KNOWN } from './place-words.ts';

/**
 * What the national notice of 29 July 2022 says of a result that isn't found: it counts however it is shown. Null where
 * that would be false: before the notice, where another result would change nothing (a positive on record outweighs it,
 * another condition isn't met), and by a rule that takes no results.
 */
export function equalEffectWords({ outcome, finding, rule }: Decision, atMs: number): Words | null {
  if (outcome === 'recognised' || rule === null || !MENDED_BY_A_RESULT.has(finding)) return null;
  const { resultWords } = rule;
  if (resultWords === null || originallyMs(rule, atMs) < FLOOR_FROM_MS) return null;
  return {
    zh: `通过其他渠道或以纸质方式出示的结果，符合以下时效的具有同等效力：${resultWords.zh}。`,
    en:
      'A result shown through another channel or on paper has equal effect if it lies within its window: ' +
      `${resultWords.en}.`,
  };
}

const MENDED_BY_A_RESULT: ReadonlySet<Finding> = new Set([
  'too_old',
  'tests_missing',
  'nothing_on_record',
  'nothing_that_counts',
  'result_withdrawn',
  'not_yet_issued',
]);

/** That the answer is for another moment than now; null when it is for now. */
export function asOfWords(relation: 'now' | 'past' | 'future', atMs: number): Words | null {
  if (relation === 'now') return null;
  const at = formatClock(atMs);
  if (relation === 'past')
    return {
      zh: `此为按${at}当时有效的规则、以目前已知数据作出的回答。`,
      en: `This is the answer for ${at} by the rule in force then, from the data known now.`,
    };
  return {
    zh: `此为针对${at}、以目前已知数据作出的回答。`,
    en: `This is the answer for ${at}, from the data known now.`,
  };
}

export function announcedWords({ enforcedFromMs, words }: Rule): Words {
  const from = formatClock(enforcedFromMs);
  return {
    zh: `自${from}起改为${words.zh}，此前仅作提醒。`,
    en: `From ${from} it will take ${words.en}; until then that is a reminder only.`,
  };
}

/** Where the rules stand as of another day: nobody is to take them for those of today. */
export function redatedWords({ asOf }: Redated): Words {
  return {
    zh: `本回答按${asOf}的规定作出，其日期已改（演示用）。`,
    en: `The rules are those of ${asOf}, re-dated.`,
  };
}

export function outOfSightWords(sinceMs: number): Words {
  const since = formatClock(sinceMs);
  return {
    zh: `自${since}起未能确认规则是否有更新。`,
    en: `Whether the rules have changed since ${since} could not be seen.`,
  };
}

export function sentenceOf(decision: Decision, notes: readonly (Words | null)[]): Words {
  const main = mainWords(decision);
  const all = [
    main,
    goingInWords(decision),
    ...decision.kinds.map(kindWords),
    incompleteWords(decision),
    claimWords(decision),
    ...notes,
  ].filter((words) => words !== null);
  return { zh: all.map(({ zh }) => zh).join(''), en: all.map(({ en }) => en).join(' ') };
}

function mainWords(decision: Decision): Words {
  const found = findingWords(decision);
  switch (decision.outcome) {
    case 'recognised':
      return { zh: `认可：${found.zh}。`, en: `Recognised: ${found.en}.` };
    case 'undetermined': {
      if (decision.reason === 'no_rule_known') return NO_RULE_KNOWN;
      if (decision.rule === null && decision.kinds.length > 0) return KINDS_DIFFER;
      const doubt = doubtWords(decision);
      return {
        zh: `暂不能确定：${doubt.zh}；就目前可见数据，${found.zh}。`,
        en: `Not certain: ${doubt.en}; as far as can be seen, ${found.en}.`,
      };
    }
    case 'not_recognised':
      return { zh: `不能认可：${found.zh}。`, en: `Not recognised: ${found.en}.` };
    case 'no_evidence':
      return { zh: `未见凭据：${found.zh}。`, en: `No evidence: ${found.en}.` };
  }
}

const FINDING_WORDS: Readonly<Record<Finding, (evidence: string, until: string) => Words>> = {
  negative_result: isValid,
  sampling_record: isValid,
  presented_result: isValid,
  presented_sampling: isValid,
  carried_over: (evidence, until) => ({
    zh: `采样时结果仍有效，延续至${until}：${evidence}`,
    en: `the result still counted when the sample was taken, and is carried over until ${until}: ${evidence}`,
  }),
  tests_done: isValid,
  nothing_asked: () => ({ zh: '现已不查验核酸检测结果', en: 'nothing is asked any more' }),
  exempt: () => ({ zh: '此类人员免予查验', en: 'nothing is asked of such people' }),
  condition_met: () => ({ zh: '符合规定条件', en: 'the conditions are met' }),
  only_reminded: (_evidence, until) => ({
    zh: `规定在${until}前仅作提醒、不作拦阻`,
    en: `until ${until} the rule only reminds and turns nobody away`,
  }),
  newest_result_indeterminate: (evidence) => ({
    zh: `最新结果为可疑：${evidence}`,
    en: `the newest result is indeterminate: ${evidence}`,
  }),
  tests_missing: (evidence) => ({
    zh: `检测次数或间隔不足：${evidence}`,
    en: `there are not enough tests, or not far enough apart: ${evidence}`,
  }),
  condition_not_met: (evidence) => ({
    zh: `有凭据但不符合其他条件${evidence === '' ? '' : `：${evidence}`}`,
    en: `there is evidence, but another condition is not met${evidence === '' ? '' : `: ${evidence}`}`,
  }),
  newest_result_positive: (evidence) => ({
    zh: `最新结果为阳性：${evidence}`,
    en: `the newest result is positive: ${evidence}`,
  }),
  too_old: (evidence) => ({ zh: `已超出有效时间：${evidence}`, en: `what there is has run out: ${evidence}` }),
  not_accepted_here: (evidence) => ({
    zh: `本规则不采用此类凭据：${evidence}`,
    en: `this rule does not count what there is: ${evidence}`,
  }),
  no_negative_result: (evidence) => ({
    zh: `最新结果不是阴性：${evidence}`,
    en: `the newest result is not a negative one: ${evidence}`,
  }),
  not_yet_issued: () => ({
    zh: '仅有晚于所询时刻的记录',
    en: 'there are only records dated later than the moment asked about',
  }),
  nothing_that_counts: () => ({
    zh: '仅有不作数的记录（初步、已撤回或其他检测方法）',
    en: 'there are only records that do not count (preliminary, withdrawn, or by another method)',
  }),
  result_withdrawn: (evidence) => ({
    zh: `最新结果已被撤销，不再作数${evidence === '' ? '' : `；另有：${evidence}`}`,
    en: `the newest result was withdrawn and no longer counts${evidence === '' ? '' : `; there is also ${evidence}`}`,
  }),
  state_bars: () => ({ zh: '此人的状态不得前往', en: 'a state of the person bars from going there' }),
  no_rule_known: () => ({ zh: '所询时刻和场所没有已知的规定', en: 'no rule is known for it' }),
  nothing_on_record: () => ({ zh: '互认平台中没有此人的检测记录', en: 'the exchange holds no test of this person' }),
};

function isValid(evidence: string, until: string): Words {
  return until === ''
    ? { zh: evidence, en: evidence }
    : { zh: `${evidence}，有效至${until}`, en: `${evidence}, counts until ${until}` };
}

function findingWords({ finding, evidence, validUntilMs }: Decision): Words {
  const [first] = evidence;
  const endMs = validUntilMs ?? first?.untilMs ?? null;
  const until = endMs === null || !Number.isFinite(endMs) ? '' : formatClock(endMs);
  const words = FINDING_WORDS[finding];
  return {
    zh: words(evidence.map(evidenceZh).join('；'), until).zh,
    en: words(evidence.map(evidenceEn).join('; '), until).en,
  };
}

function evidenceEn({ evidence }: Lasting): string {
  const from = evidence.province === null ? '' : ` from ${provinceOf(evidence.province).nameEn}`;
  const shown = isPresented(evidence) ? ' shown by the traveller and not verified' : '';
  if (!isResult(evidence)) return `a sampling record${from}${shown} (sampled ${sampledText(evidence)})`;
  return (
    `${evidence.result === 'indeterminate' || evidence.result === 'invalid' ? 'an' : 'a'} ` +
    `${evidence.result} result${from}${shown} (report issued ${formatClock(evidence.issuedAtMs)})`
  );
}

const RESULT_ZH = { negative: '阴性', positive: '阳性', indeterminate: '可疑', invalid: '无效' } as const;

function evidenceZh({ evidence }: Lasting): string {
  const from = evidence.province === null ? '' : provinceOf(evidence.province).nameZh;
  const shown = isPresented(evidence) ? '本人出示、未经核验的' : '';
  if (!isResult(evidence)) return `${shown}${from}采样记录（采样时间${sampledText(evidence)}）`;
  return `${shown}${from}${RESULT_ZH[evidence.result]}结果（报告出具时间${formatClock(evidence.issuedAtMs)}）`;
}

function doubtWords({ reason, data, rule, missing, leaked }: Decision): Words {
  switch (reason as Doubt | QuestionFault) {
    case 'key_leaked':
      return leakedWords(leaked);
    case 'statement_missing': {
      const { zh, en } = statementWords(missing);
      return { zh: `须说明${zh}`, en: `the rule depends on ${en}, which must be stated` };
    }
    case 'other_instant': {
      const words = (rule?.comparedWith ?? []).map((instant) => INSTANT_WORDS[instant]);
      return {
        zh: `本规则以${words.map(({ zh }) => zh).join('、')}为准，而所询并非该时刻`,
        en: `this rule is compared with ${words.map(({ en }) => en).join(' or ')}, and another instant was asked about`,
      };
    }
    case 'exchange_behind':
      return { zh: '互认平台数据整体滞后', en: 'the exchange itself is behind with its data' };
    case 'province_behind': {
      const { zh, en } = listProvinces(data.behind.map(({ province }) => province));
      return {
        zh: `${zh}的数据滞后，可能存在此处尚看不到的记录`,
        en: `data of ${en} is behind, so records may exist that can't be seen here yet`,
      };
    }
    case 'record_incomplete':
      return { zh: '部分记录无法读取', en: 'some records could not be read' };
    case 'history_cut':
      return { zh: '可能相关的较早记录已不再保留', en: 'older records that may matter are no longer kept' };
    case 'stay_unclear':
      return {
        zh: '有旅居记录，但其地点或风险等级无法与本规则对应',
        en: 'there is a stay on record whose place or level can’t be held against this rule',
      };
    case 'corrected_since':
      return { zh: '有报告在该时刻之后被更正', en: 'a report was corrected after that moment' };
  }
}

/** What the person might claim where the answer is a plain "no". */
function claimWords({ outcome, missing }: Decision): Words | null {
  if (missing.length === 0 || outcome === 'recognised' || outcome === 'undetermined') return null;
  const { zh, en } = statementWords(missing);
  return {
    zh: `未说明${zh}，如属规定的例外请说明后再询。`,
    en: `Nothing was stated about ${en}: if the person falls under an exception, state it and ask again.`,
  };
}

/** Said in every answer, recognised ones too. */
function incompleteWords({ incomplete: { person, provinces } }: Decision): Words | null {
  if (person) return { zh: '此人有记录无法读取。', en: 'A record of this person could not be read.' };
  if (provinces.length === 0) return null;
  const known = provinces.filter((province) => province !== null);
  if (known.length < provinces.length)
    return { zh: '有来源不明的记录无法读取。', en: 'Records of an unknown province could not be read.' };
  const { zh, en } = listProvinces(known);
  return { zh: `${zh}有记录无法读取。`, en: `Records of ${en} could not be read.` };
}

const NAMED_MAX = 3;

function listProvinces(codes: readonly ProvinceCode[]): Words {
  const named = codes.slice(0, NAMED_MAX).map(provinceOf);
  const more = codes.length - named.length;
  return {
    zh: named.map(({ nameZh }) => nameZh).join('、') + (more > 0 ? `等${codes.length}个地区` : ''),
    en: named.map(({ nameEn }) => nameEn).join(', ') + (more > 0 ? ` and ${more} more` : ''),
  };
}

function sampledText(evidence: Exclude<Evidence, { result: unknown }>): string {
  return evidence.sampledAtPrecision === 'day'
    ? formatDay(shanghaiDayOf(evidence.sampledAtMs))
    : formatClock(evidence.sampledAtMs);
}
