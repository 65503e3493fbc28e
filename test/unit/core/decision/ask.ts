/** Asks a book of a few rules about a person, as a look-up would, and gives the whole answer. */

import { type Answer, recognise } from '#core/answer/recognise.ts';
import { compilePolicyBook } from '#core/book/policy-book.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import { NOTHING_STATED, type Occasion } from '#core/question/occasion.ts';
import type { Purpose } from '#core/rules/purpose.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import type { PersonView } from '#core/view/view.ts';
import { at, testReported } from '#exercises/town/events.ts';
import { freshness, ruleText, snapshot, viewOf } from '#test/support/lookup.ts';

const KINDS = { public_place: { bar: { zh: '酒吧', en: 'bars' } } };
export const own = (name: string, given: Partial<RuleText> = {}): RuleText =>
  ruleText({ id: `43/${name}`, province: '43', purposes: ['public_place'], ...given });
export const NOTHING_ASKED = { clauses: [{ id: 'nothing_asked', kind: 'exempt' }], positive: 'no_effect' } as const;

interface Asked {
  readonly purpose?: Purpose;
  readonly when?: string;
  readonly occasion?: Partial<Occasion>;
  readonly behind?: Partial<Record<ProvinceCode, null>>;
  readonly nothingRead?: boolean;
}

export function ask(texts: readonly RuleText[], view: PersonView | null, asked: Asked = {}): Answer {
  const { purpose = 'public_place', when = '2022-10-01T12:00:00+08:00', occasion = {}, behind = {} } = asked;
  const atMs = at(when);
  const book = compilePolicyBook(texts, { kinds: KINDS });
  const stated = { ...NOTHING_STATED, ...occasion };
  return recognise({
    destination: '43',
    purpose,
    codeBook: book.codeBook,
    searched: book.searched,
    policy: book.select({ destination: '43', purpose, ...stated }, atMs),
    snapshot: snapshot(view, {
      freshness: freshness(behind, atMs),
      ...(asked.nothingRead === true ? { position: null } : {}),
    }),
    presented: [],
    occasion: stated,
    atMs,
    nowMs: atMs,
  });
}
export const tested = (hoursBefore: number, result: 'negative' | 'positive' = 'negative'): PersonView =>
  viewOf(
    testReported({
      result,
      reportIssuedAtMs: at('2022-10-01T12:00:00+08:00') - hoursBefore * 3_600_000,
      sampledAtMs: null,
    }),
  );
