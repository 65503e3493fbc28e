/**
 * Which versions of a register are kept, and which of them counts. A retraction hides what was issued up to it. Of what
 * stands the highest rank counts, and of one rank the latest issue. It must never look at which version came first.
 *
 * Kept are the latest retraction and, of each rank, the latest report that was issued after it, unless one of a higher
 * rank was issued as late: such a report can never count, for whatever hides the higher one hides it too. No order of
 * single versions would do: retracted at 5 hides corrected at 3, which outranks final at 6, which stands after
 * retracted at 5.
 */

import { EVENT_LIMITS, GREEN, type Status } from '#core/events/events.ts';
import type { AlsoKept, CodeRegister, Version } from './view.ts';

const STATUS_RANK: Readonly<Record<Status, number>> = { preliminary: 0, final: 1, corrected: 2, retracted: 3 };
const NEVER_MS = Number.NEGATIVE_INFINITY;

type Kept<R> = Version & { readonly alsoKept: AlsoKept<R> | null };

/** What two states of one register come to; `known` itself where `incoming` adds nothing. */
export function joinVersions<R extends Kept<R>>(known: R, incoming: R): R {
  if (covers(known, incoming)) return known;
  const retractedMs = Math.max(retractedMsOf(known), retractedMsOf(incoming));
  const standing = [...reportsOf(known), ...reportsOf(incoming)].filter(({ issuedAtMs }) => issuedAtMs > retractedMs);
  const [counts, ...later] = withoutCovered(standing);
  // Where nothing stands, the latest retraction is what one of the two states shows.
  if (counts === undefined) return higher(known, incoming);
  if (later.length === 0 && retractedMs === NEVER_MS) return counts;
  const retractedThroughMs = retractedMs === NEVER_MS ? null : retractedMs;
  return { ...counts, alsoKept: { retractedThroughMs, later, lastEndMs: null } };
}

/** The same for a code, of which the latest end of all its versions is kept too. */
export function joinCodes(known: CodeRegister, incoming: CodeRegister): CodeRegister {
  const joined = joinVersions(known, incoming);
  const endMs = Math.max(lastEndMsOf(known), lastEndMsOf(incoming));
  const lastEndMs = endMs > endMsOfKept(joined) ? endMs : null;
  if ((joined.alsoKept?.lastEndMs ?? null) === lastEndMs) return joined;
  return { ...joined, alsoKept: { ...(joined.alsoKept ?? NOTHING_ELSE), lastEndMs } };
}

const NOTHING_ELSE = { retractedThroughMs: null, later: [] } as const;

/** The latest issue of any version, those included that are no longer kept. */
export function lastIssuedMsOf<R extends Kept<R>>(register: R): number {
  return register.alsoKept?.later.at(-1)?.issuedAtMs ?? register.issuedAtMs;
}

/** The latest end of any version that isn't green, those included that are no longer kept; -Infinity without one. */
export function lastEndMsOf(register: CodeRegister): number {
  return Math.max(endMsOfKept(register), register.alsoKept?.lastEndMs ?? NEVER_MS);
}

function endMsOfKept(register: CodeRegister): number {
  return Math.max(endMsOf(register), ...(register.alsoKept?.later ?? []).map(endMsOf));
}

/** Only green may have no end: of any other state the longest validity is taken, so as not to claim too little. */
function endMsOf({ state, expiresAtMs, assignedAtMs }: CodeRegister): number {
  return state === GREEN ? NEVER_MS : (expiresAtMs ?? assignedAtMs + EVENT_LIMITS.codeValidityMsMax);
}

/** Positive when `a` is higher: by status rank, then time of issue, then content. Zero only if identical. */
export function compareVersions(a: Version, b: Version): number {
  return (
    STATUS_RANK[a.status] - STATUS_RANK[b.status] ||
    a.issuedAtMs - b.issuedAtMs ||
    Buffer.compare(a.contentHash, b.contentHash)
  );
}

function higher<R extends Version>(known: R, incoming: R): R {
  return compareVersions(incoming, known) > 0 ? incoming : known;
}

function retractedMsOf<R extends Kept<R>>({ status, issuedAtMs, alsoKept }: R): number {
  return status === 'retracted' ? issuedAtMs : (alsoKept?.retractedThroughMs ?? NEVER_MS);
}

/** Without what is kept beside each, the highest rank first. */
function reportsOf<R extends Kept<R>>(register: R): readonly R[] {
  if (register.status === 'retracted') return [];
  return register.alsoKept === null ? [register] : [{ ...register, alsoKept: null }, ...register.alsoKept.later];
}

function covers<R extends Kept<R>>(known: R, incoming: R): boolean {
  const retractedMs = retractedMsOf(known);
  if (incoming.status === 'retracted')
    return known.status === 'retracted' ? compareVersions(known, incoming) >= 0 : incoming.issuedAtMs <= retractedMs;
  return (
    retractedMsOf(incoming) <= retractedMs &&
    reportsOf(incoming).every(
      (report) => report.issuedAtMs <= retractedMs || reportsOf(known).some((one) => coversReport(one, report)),
    )
  );
}

/** Whether `report` can never count because of `one`: it isn't of a higher rank, nor issued later. */
function coversReport(one: Version, report: Version): boolean {
  return one.issuedAtMs >= report.issuedAtMs && compareVersions(one, report) >= 0;
}

/** The highest first; each of the others is of a lower rank, and issued later. */
function withoutCovered<R extends Version>(reports: readonly R[]): R[] {
  const kept: R[] = [];
  for (const report of reports.toSorted((a, b) => compareVersions(b, a)))
    if (!kept.some((one) => coversReport(one, report))) kept.push(report);
  return kept;
}
