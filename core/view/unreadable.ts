/**
 * Which of a person's records could not be read, and which of those are settled since. What it comes to depends on the
 * set of marks and of settlements only, never on their order or number (invariant *Order-free*): a place that is
 * settled is never marked again, whichever came first.
 *
 * Of each topic the newest marks are listed, and the oldest are cut. A settlement may say that everything up to an
 * offset is settled, which also ends a cut: since that removes the oldest only, cutting and settling may come in any
 * order.
 */

import { compareText } from '#core/field/text-order.ts';
import {
  type PersonView,
  type UnreadableBounds,
  type UnreadableMark,
  type UnreadableRecord,
  VIEW_LIMITS,
} from './view.ts';

/** That an unreadable record was replayed or discarded. */
export interface SettledRecord extends UnreadableRecord {
  /**
   * Up to this offset every unreadable record of the person in this topic is settled too; null: nothing is known of the
   * others.
   */
  readonly through: number | null;
}

/** The view after a record with this person's key turned out to be unreadable. */
export function mergeUnreadable(view: PersonView, { topic, offset }: UnreadableRecord): PersonView {
  return withMark(view, { topic, offset, isSettled: false });
}

/** The view after an unreadable record was settled; it may be one that isn't marked yet, or never will be. */
export function mergeSettled(view: PersonView, { topic, offset, through }: SettledRecord): PersonView {
  return settledThrough(withMark(view, { topic, offset, isSettled: true }), topic, through ?? -1);
}

/** Whether a record of this person is missing because it could not be read. */
export function isIncomplete({ unreadable, unreadableBounds }: PersonView): boolean {
  return unreadable.some(({ isSettled }) => !isSettled) || unreadableBounds.some(({ cutThrough }) => cutThrough >= 0);
}

function withMark(view: PersonView, mark: UnreadableMark): PersonView {
  const { topic, offset, isSettled } = mark;
  const bounds = boundsOf(view, topic);
  if (offset <= bounds.settledThrough || offset <= bounds.cutThrough) return view;
  const known = view.unreadable.find((each) => each.topic === topic && each.offset === offset);
  if (known !== undefined && (known.isSettled || !isSettled)) return view;
  const marks = [...view.unreadable.filter((each) => each !== known), mark].sort(newestFirst);
  const oldest = marks.findLast((each) => each.topic === topic) as UnreadableMark;
  if (marks.filter((each) => each.topic === topic).length <= VIEW_LIMITS.unreadableMax)
    return { ...view, unreadable: marks };
  return withBounds(
    { ...view, unreadable: marks.filter((each) => each !== oldest) },
    { ...bounds, cutThrough: oldest.offset },
  );
}

function settledThrough(view: PersonView, topic: string, through: number): PersonView {
  const bounds = boundsOf(view, topic);
  if (through <= bounds.settledThrough) return view;
  const unreadable = view.unreadable.filter((mark) => mark.topic !== topic || mark.offset > through);
  const cutThrough = bounds.cutThrough <= through ? -1 : bounds.cutThrough;
  return withBounds({ ...view, unreadable }, { topic, settledThrough: through, cutThrough });
}

function boundsOf({ unreadableBounds }: PersonView, topic: string): UnreadableBounds {
  return unreadableBounds.find((bounds) => bounds.topic === topic) ?? { topic, settledThrough: -1, cutThrough: -1 };
}

function withBounds(view: PersonView, changed: UnreadableBounds): PersonView {
  const others = view.unreadableBounds.filter(({ topic }) => topic !== changed.topic);
  return { ...view, unreadableBounds: [...others, changed].sort((a, b) => compareText(a.topic, b.topic)) };
}

function newestFirst(a: UnreadableRecord, b: UnreadableRecord): number {
  return compareText(a.topic, b.topic) || b.offset - a.offset;
}
