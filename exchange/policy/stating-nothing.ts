/**
 * What rules decide for somebody who states and shows nothing: for whoever compares what many are told. It decides
 * nothing by itself.
 */

import type { Selected } from '#core/book/selected.ts';
import { decide } from '#core/decision/decide.ts';
import type { Decision } from '#core/decision/decision.ts';
import { NOTHING_STATED } from '#core/question/occasion.ts';
import type { Purpose } from '#core/rules/purpose.ts';
import type { Snapshot } from '#core/view/snapshot.ts';

export interface AskedOfRules {
  readonly policy: Selected;
  readonly purpose: Purpose;
  readonly snapshot: Snapshot;
  /** The instant of the question and that at which it is asked. */
  readonly atMs: number;
}

export function decideStatingNothing({ policy, purpose, snapshot, atMs }: AskedOfRules): Decision {
  return decide({ policy, purpose, snapshot, presented: [], occasion: NOTHING_STATED, atMs, nowMs: atMs });
}
