/**
 * The decision where nothing that was announced is known: undetermined, whoever it is, and no refusal. Only a state
 * that bars may say more.
 */

import type { NoneKnown } from '#core/book/selected.ts';
import { SECOND_MS } from '#core/field/time.ts';
import { ASK_AGAIN_SECONDS_DEFAULT, FRESHNESS_BOUND_SECONDS_DEFAULT } from '#core/rules/rule-text.ts';
import { changesAt, emptyNotes } from '#core/trial/trial.ts';
import { assessData } from '#core/view/freshness.ts';
import { leakedIn } from '#core/view/leaks.ts';
import { isIncomplete } from '#core/view/unreadable.ts';
import { barredIn, NOT_BARRED } from './barred.ts';
import type { Decision, Question } from './decision.ts';
import { unlessLeaked } from './leaked.ts';

/** @param kind of place: the one stated, or one of those that come into question where none is */
export function decideWithoutRule(
  question: Question,
  policy: NoneKnown,
  kind: string | null = question.occasion.kind,
): Decision {
  const { snapshot, atMs, nowMs } = question;
  const { view, position, freshness } = snapshot;
  const data = assessData(position, freshness, nowMs, FRESHNESS_BOUND_SECONDS_DEFAULT * SECOND_MS);
  const incomplete = { person: view !== null && isIncomplete(view), provinces: freshness.incompleteProvinces };
  const barred =
    policy.barring === undefined ? NOT_BARRED : barredIn(question, kind, policy.barring, null, { data, incomplete });
  const refuses = barred.refusing === 'bars';
  const notes = emptyNotes();
  changesAt({ atMs }, notes, policy.untilMs);
  const decision: Decision = {
    outcome: refuses ? 'not_recognised' : 'undetermined',
    reason: refuses ? 'state_bars' : 'no_rule_known',
    finding: refuses ? 'state_bars' : 'no_rule_known',
    mayGoIn: barred.standing === 'bars' ? false : null,
    rule: null,
    clauseId: null,
    evidence: [],
    validUntilMs: null,
    validUntilInclusive: false,
    nextChangeMs: Math.min(notes.nextMs, barred.nextMs),
    askAgainByMs: barred.standing === 'clear' ? null : nowMs + ASK_AGAIN_SECONDS_DEFAULT * SECOND_MS,
    missing: barred.standing === 'bars' ? [] : barred.missing,
    duties: [],
    states: barred.states,
    vaccinated: null,
    daysSinceTest: null,
    data,
    incomplete,
    leaked: leakedIn(view, freshness.leaks),
    kinds: [],
  };
  return barred === NOT_BARRED ? decision : unlessLeaked(decision);
}
