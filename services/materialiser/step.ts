/**
 * What one step changes: records → events, merged into the views of their people. Everything that could fail for a
 * reason outside the bytes (schema, views) is handed in; the result depends on nothing else.
 */
import type { PersonEvent } from '#core/events.ts';
import type { PersonKey } from '#core/identity.ts';
import { merge, mergeUnreadable } from '#core/merge.ts';
import type { PersonView, UnreadableRecord } from '#core/view.ts';
import type { DeadLetter } from './dead-letters.ts';

/** What a record does to a person's view. */
export type Effect = { readonly key: PersonKey; readonly event: PersonEvent } | { readonly key: PersonKey; readonly unreadable: UnreadableRecord };

export interface Judged {
  readonly effects: readonly Effect[];
  readonly letters: readonly DeadLetter[];
}

/** A map key for a person key: latin1 holds every byte in one character. */
export function personOf(key: PersonKey): string {
  return key.toString('latin1');
}

/** The effects by person, in the order of their first record. */
export function effectsByPerson(effects: readonly Effect[]): ReadonlyMap<string, readonly [Effect, ...Effect[]]> {
  return Map.groupBy(effects, ({ key }) => personOf(key)) as unknown as ReadonlyMap<string, readonly [Effect, ...Effect[]]>;
}

/** The views that the effects change; one that stays as it is isn't written again. */
export function changedViews(people: ReadonlyMap<string, readonly [Effect, ...Effect[]]>, before: readonly PersonView[]): (readonly [PersonKey, PersonView])[] {
  const changed: (readonly [PersonKey, PersonView])[] = [];
  let index = 0;
  for (const effects of people.values()) {
    const view = before[index] as PersonView;
    const after = effects.reduce(apply, view);
    if (after !== view) changed.push([effects[0].key, after]);
    index += 1;
  }
  return changed;
}

function apply(view: PersonView, effect: Effect): PersonView {
  return 'event' in effect ? merge(view, effect.event) : mergeUnreadable(view, effect.unreadable);
}
