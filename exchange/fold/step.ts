/**
 * What one step changes: records → events, merged into the views of their people. Everything that could fail for a
 * reason outside the bytes (schema, views) is handed in; the result depends on nothing else.
 */

import type { PersonEvent } from '#core/events/events.ts';
import type { PersonKey } from '#core/field/identity.ts';
import { holdsLess } from '#core/view/erasure.ts';
import { merge, mergeSettled, mergeUnreadable } from '#core/view/merge.ts';
import { agedAt } from '#core/view/retention.ts';
import type { SettledRecord } from '#core/view/unreadable.ts';
import type { PersonView, UnreadableRecord } from '#core/view/view.ts';
import type { SettlementNote } from '#exchange/topics/letters.ts';
import type { Decoded } from '#exchange/topics/records.ts';
import type { IncomingRecord } from '#platform/kafka/record.ts';
import type { DeadLetter } from './dead-letters.ts';

/** What a record does to a person's view. */
export type Effect =
  | { readonly key: PersonKey; readonly event: PersonEvent; readonly topic: string; readonly offset: number }
  | { readonly key: PersonKey; readonly unreadable: UnreadableRecord }
  | { readonly key: PersonKey; readonly settled: SettledRecord };

/** What a step's records come to. */
export interface Judged {
  readonly effects: readonly Effect[];
  readonly letters: readonly DeadLetter[];
  readonly notes: readonly SettlementNote[];
}

/** What some records, each with what was decoded of it, do to views and to the dead letters. */
export function judge(records: readonly (readonly [IncomingRecord, Decoded])[]): Judged {
  const effects: Effect[] = [];
  const letters: DeadLetter[] = [];
  const notes: SettlementNote[] = [];
  for (const [record, decoded] of records) {
    const { topic, partition, offset } = record;
    if ('event' in decoded) effects.push({ key: decoded.key, event: decoded.event, topic, offset });
    if ('reason' in decoded) {
      const { reason, detail, key, marked } = decoded;
      letters.push({ record, reason, detail, key, marked });
      if (key !== null) effects.push({ key, unreadable: { topic, offset } });
    }
    if (decoded.settles === null) continue;
    // Whose tag fails is nobody's; that its replay is taken is noted all the same.
    if (decoded.key === null && !('reason' in decoded && decoded.reason === 'bad_tag')) continue;
    // A replay that is unreadable again replaces the record that it repeats: one mark, and a letter that names the
    // other.
    const { place, through } = decoded.settles;
    notes.push({ settlement: decoded.settles, at: { topic, partition, offset } });
    // A letter from another partition marks its province, which the note puts right; the person lies here.
    if (decoded.key !== null && place.partition === partition)
      effects.push({ key: decoded.key, settled: { topic: place.topic, offset: place.offset, through } });
  }
  return { effects, letters, notes };
}

/** A map key for a person key: latin1 holds every byte in one character. */
export function personOf(key: PersonKey): string {
  return key.toString('latin1');
}

/** The effects by person, in the order of their first record. */
export function effectsByPerson(effects: readonly Effect[]): ReadonlyMap<string, readonly [Effect, ...Effect[]]> {
  return Map.groupBy(effects, ({ key }) => personOf(key)) as unknown as ReadonlyMap<
    string,
    readonly [Effect, ...Effect[]]
  >;
}

/** The views that the effects change; one that stays as it is isn't written again. */
export function changedViews(
  people: ReadonlyMap<string, readonly [Effect, ...Effect[]]>,
  before: readonly PersonView[],
  accepted: AcceptedUpTo,
): (readonly [PersonKey, PersonView])[] {
  const changed: (readonly [PersonKey, PersonView])[] = [];
  let index = 0;
  for (const effects of people.values()) {
    const view = before[index] as PersonView;
    const after = agedAt(
      effects.toSorted(erasuresFirst).reduce((merged, effect) => apply(merged, effect, accepted.beforeMs), view),
      accepted.afterMs,
    );
    if (after !== view) changed.push([effects[0].key, after]);
    index += 1;
  }
  return changed;
}

/** The latest acceptance among the events of the partition, on the broker's clock. */
export interface AcceptedUpTo {
  /** Before this step. */
  readonly beforeMs: number;
  readonly afterMs: number;
}

export function acceptedUpTo(effects: readonly Effect[], beforeMs: number): AcceptedUpTo {
  return {
    beforeMs,
    afterMs: effects.reduce(
      (latestMs, effect) => ('event' in effect ? Math.max(latestMs, effect.event.acceptedAtMs) : latestMs),
      beforeMs,
    ),
  };
}

function erasuresFirst(a: Effect, b: Effect): number {
  return Number(isErasure(b)) - Number(isErasure(a));
}

const isErasure = (effect: Effect): boolean => 'event' in effect && effect.event.type === 'PersonErased';

/**
 * An erasure that comes late, when events that it doesn't take may be in the view already, takes these along, of all
 * publishers whom it concerns. That may have lost something, so the person is marked until the view is rebuilt.
 */
function apply(view: PersonView, effect: Effect, acceptedBeforeMs: number): PersonView {
  if ('event' in effect) {
    const { event, topic, offset } = effect;
    const after = merge(view, event);
    const isLate = event.type === 'PersonErased' && acceptedBeforeMs > event.erasesThroughMs && holdsLess(after, view);
    return isLate ? mergeUnreadable(after, { topic, offset }) : after;
  }
  return 'settled' in effect ? mergeSettled(view, effect.settled) : mergeUnreadable(view, effect.unreadable);
}
