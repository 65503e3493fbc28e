/**
 * What a step's records come to when they are counted by province and topic. It depends on the records alone, so that a
 * rebuild counts the same; it must never look at a person.
 */

import type { PersonEvent } from '#core/events/events.ts';
import { countedUnder } from '#exchange/topics/letters.ts';
import { kindOfTopic, type SharedKind } from '#exchange/topics/log.ts';
import { CountsBySource, type StepCounts } from '#exchange/view/counts.ts';
import type { DeadLetter } from './dead-letters.ts';
import type { Judged } from './step.ts';

export function countsOf({ effects, letters }: Pick<Judged, 'effects' | 'letters'>): StepCounts {
  const counts = new CountsBySource();
  for (const effect of effects) if ('event' in effect) countEvent(counts, effect.event, kindOf(effect.topic));
  for (const letter of letters) countLetter(counts, letter);
  return counts.step;
}

function countEvent(counts: CountsBySource, event: PersonEvent, kind: SharedKind): void {
  const of = counts.at(event.province, kind);
  of.events += 1;
  if ('status' in event && event.status === 'corrected') of.corrections += 1;
  if ('status' in event && event.status === 'retracted') of.retractions += 1;
  of.latestAcceptedAtMs = Math.max(of.latestAcceptedAtMs, event.acceptedAtMs);
}

function countLetter(counts: CountsBySource, { record, reason, marked }: DeadLetter): void {
  const { unreadable } = counts.at(countedUnder(marked), kindOf(record.topic));
  unreadable[reason] = (unreadable[reason] ?? 0) + 1;
}

/** A worker is offered records of shared topics alone. */
function kindOf(topic: string): SharedKind {
  return kindOfTopic(topic) as SharedKind;
}
