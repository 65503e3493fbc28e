/**
 * The version of a register that counts and what is kept beside it, for the oracle: from all its versions at once. It
 * never uses what it is there to judge.
 */

import { hash } from 'node:crypto';
import type { PersonEvent, Status } from '#core/events/events.ts';
import type { AlsoKept } from '#core/view/view.ts';

interface Versioned {
  readonly status: Status;
  readonly issuedAtMs: number;
  readonly contentHash: Buffer;
}

const FROM_THE_HIGHEST = ['corrected', 'final', 'preliminary'] as const;

/** @param endOf when a version ends, where the latest end is kept */
export function registerOf<V extends Versioned>(
  versions: readonly V[],
  endOf: (version: V) => number | null = () => null,
): V & { readonly alsoKept: AlsoKept<V & { readonly alsoKept: null }> | null } {
  const retraction = latestOf(versions, 'retracted');
  const hidden = retraction?.issuedAtMs ?? Number.MIN_SAFE_INTEGER;
  const standing: V[] = [];
  for (const status of FROM_THE_HIGHEST) {
    const latest = latestOf(versions, status);
    if (
      latest !== undefined &&
      [hidden, ...standing.map((each) => each.issuedAtMs)].every((ms) => ms < latest.issuedAtMs)
    )
      standing.push(latest);
  }
  const shown = standing.length === 0 && retraction !== undefined ? [retraction] : standing;
  const [counts, ...later] = shown as [V, ...V[]];
  const latestEnd = (some: readonly V[]): number =>
    Math.max(...some.map((each) => endOf(each) ?? Number.MIN_SAFE_INTEGER));
  const lastEndMs = latestEnd(versions) > latestEnd(shown) ? latestEnd(versions) : null;
  const retractedThroughMs = standing.length === 0 || retraction === undefined ? null : hidden;
  const isAlone = retractedThroughMs === null && later.length === 0 && lastEndMs === null;
  return {
    ...counts,
    alsoKept: isAlone
      ? null
      : { retractedThroughMs, later: later.map((each) => ({ ...each, alsoKept: null })), lastEndMs },
  };
}

/** The latest of a status, and of those issued at one time the one with the highest content hash. */
function latestOf<V extends Versioned>(versions: readonly V[], status: Status): V | undefined {
  const place = ({ issuedAtMs, contentHash: content }: V): string =>
    String(issuedAtMs).padStart(20, '0') + content.toString('hex');
  return versions
    .filter((version) => version.status === status)
    .sort((a, b) => (place(a) < place(b) ? -1 : 1))
    .at(-1);
}

const DELIVERY = ['eventId', 'acceptedAtMs', 'producerInstance'];

const hashes = new WeakMap<PersonEvent, Buffer>();

/** Events are never changed, and are asked about again and again. */
export function contentHash(event: PersonEvent): Buffer {
  const known = hashes.get(event) ?? contentHashOf(event);
  hashes.set(event, known);
  return known;
}

function contentHashOf(event: PersonEvent): Buffer {
  const stated: Record<string, unknown> = { ...event };
  const names = Object.keys(stated).filter((name) => stated[name] !== null && !DELIVERY.includes(name));
  const pairs = names.sort().map((name) => `[${JSON.stringify(name)},${JSON.stringify(stated[name])}]`);
  return hash('sha256', `[${pairs.join(',')}]`, 'buffer').subarray(0, 8);
}
