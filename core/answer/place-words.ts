/**
 * What an answer says of the place itself: that no rule is known for it, that its kinds differ, that a state bars from
 * it. Nothing is decided here.
 */

import type { NoneFound } from '#core/book/searched.ts';
import type { Decision, KindDecided } from '#core/decision/decision.ts';
import type { Outcome } from '#core/decision/outcome.ts';
import { formatClock } from '#core/field/time.ts';
import { statementWords } from '#core/terms/occasion-words.ts';
import type { Words } from '#core/terms/words.ts';

export const NO_RULE_KNOWN: Words = {
  zh: '互认平台未查到此处此时的规定：这不是拒绝，以现场规定为准。',
  en:
    'No rule for this place and time is known to the exchange: that is no refusal, and the gate’s own order ' +
    'decides.',
};
/** Whether one was searched: who reads it knows how much it says that none is known. */
export function searchedWords(found: NoneFound | null): Words {
  if (found === null) return { zh: '没有为此检索的记录。', en: 'No search for it is on record.' };
  const known = SEARCHED.get(found) ?? wordsOfSearch(found);
  SEARCHED.set(found, known);
  return known;
}

/** A few hundred of them are told in thousands of answers. */
const SEARCHED = new WeakMap<NoneFound, Words>();

function wordsOfSearch({ fromMs, untilMs, searches }: NoneFound): Words {
  if (searches.length === 0) return { zh: '该时段未查阅任何来源。', en: 'No source was read for it.' };
  const from = formatClock(fromMs);
  if (!Number.isFinite(untilMs))
    return { zh: `自${from}起的规定已检索，未见。`, en: `Since ${from} one was searched, and not found.` };
  const until = formatClock(untilMs);
  return {
    zh: `${from}至${until}的规定已检索，未见。`,
    en: `From ${from} until ${until} one was searched, and not found.`,
  };
}

export const KINDS_DIFFER: Words = {
  zh: '暂不能确定：各类场所规定不同，须说明场所类别。',
  en: 'Not certain: the rules differ by kind of place, which must be stated.',
};

const OUTCOME_WORDS: Readonly<Record<Outcome, Words>> = {
  recognised: { zh: '认可', en: 'recognised' },
  not_recognised: { zh: '不能认可', en: 'not recognised' },
  no_evidence: { zh: '未见凭据', en: 'no evidence' },
  undetermined: { zh: '暂不能确定', en: 'not certain' },
};

export function kindWords({ title, decision: { outcome, reason, mayGoIn } }: KindDecided): Words {
  const said = reason === 'no_rule_known' ? { zh: '未查到规定', en: 'no rule known' } : OUTCOME_WORDS[outcome];
  const barred = mayGoIn === false && outcome === 'recognised';
  const { zh, en } = title ?? { zh: '其他', en: 'any other' };
  return {
    zh: `${zh}：${said.zh}${barred ? '，但不得进入' : ''}。`,
    en: `${en}: ${said.en}${barred ? ', but barred' : ''}.`,
  };
}

/** Where the outcome alone doesn't say whether one may go in: a state bars, or may. */
export function goingInWords({ outcome, reason, mayGoIn, states, missing, kinds }: Decision): Words | null {
  if (kinds.length > 0 || reason === 'state_bars') return null;
  const isNo = outcome === 'not_recognised' || outcome === 'no_evidence';
  const named = states.map(({ title }) => title);
  const of = { zh: named.map(({ zh }) => zh).join('、'), en: named.map(({ en }) => en).join(', ') };
  if (mayGoIn === false && !isNo)
    return { zh: `但因其状态不得进入：${of.zh}。`, en: `But a state bars from going in: ${of.en}.` };
  if (mayGoIn !== null || outcome !== 'recognised') return null;
  const { zh, en } = statementWords(missing);
  return missing.length === 0
    ? { zh: '是否因状态不得进入，暂不能确定。', en: 'Whether a state bars from going in is not certain.' }
    : {
        zh: `是否因状态不得进入，须说明${zh}。`,
        en: `Whether a state bars from going in depends on ${en}, which must be stated.`,
      };
}
