/**
 * What a province is ready for, by what is known of it: what it lacks for anything at all, and which kinds of events
 * have come of it. Pure: the clock is an argument. It claims nothing of what nobody has seen.
 */

import type { ProvinceCode } from '#core/field/regions.ts';
import { FRESHNESS_BOUND_SECONDS_DEFAULT } from '#core/rules/rule-text.ts';
import type { Standing } from '#exchange/identity/principals.ts';
import { SHARED_KINDS, type SharedKind } from '#exchange/topics/log.ts';
import type { DoorCounts } from './door-counts.ts';
import type { SentByKind } from './sent.ts';

export interface ProvinceFacts {
  readonly province: ProvinceCode;
  /** `none`: the authority has issued none; null: no authority is at hand, so nobody knows. */
  readonly certificate: Standing | 'none' | null;
  readonly keyPublished: boolean;
  /** Those that are waited for. */
  readonly instances: readonly string[];
  readonly instancesRetired: readonly string[];
  /** In force in every partition; null: none is. */
  readonly watermarkMs: number | null;
  readonly sent: SentByKind;
  /** Open ones, by reason. */
  readonly letters: Readonly<Record<string, number>>;
  /** Null: no door was asked. */
  readonly door: DoorCounts | null;
}

export interface Readiness {
  /** What keeps it from everything. */
  readonly lacks: readonly string[];
  readonly ready: readonly SharedKind[];
  /** Of which nothing was seen. */
  readonly unseen: readonly SharedKind[];
}

/** More refused than one event in twenty: what a sender learns by a contract test, it hasn't learnt. */
const REFUSED_SHARE_MAX = 0.05;
const BEHIND_AFTER_MS = FRESHNESS_BOUND_SECONDS_DEFAULT * 1_000;

export function readinessOf(facts: ProvinceFacts, nowMs: number): Readiness {
  const lacks = [
    certificateLack(facts),
    facts.keyPublished ? null : 'no key is published',
    instanceLack(facts),
    watermarkLack(facts, nowMs),
    letterLack(facts),
    refusedLack(facts),
  ].filter((lack) => lack !== null);
  const seen = SHARED_KINDS.filter((kind) => facts.sent[kind].records > 0);
  return {
    lacks,
    ready: lacks.length === 0 ? seen : [],
    unseen: SHARED_KINDS.filter((kind) => !seen.includes(kind)),
  };
}

/** Such as `ready for tests, vaccinations; not codes, erasures: none sent`. */
export function readinessWords({ lacks, ready, unseen }: Readiness): string {
  if (lacks.length > 0) return `not ready: ${lacks.join(', ')}`;
  if (ready.length === 0) return 'set up; nothing sent yet';
  const not = unseen.length === 0 ? '' : `; not ${unseen.join(', ')}: none sent`;
  return `ready for ${ready.join(', ')}${not}`;
}

/** Null where no door was asked, or none was reported to. */
export function refusedShareOf({ door }: Pick<ProvinceFacts, 'door'>): number | null {
  const all = door === null ? 0 : door.accepted + door.refused;
  return door === null || all === 0 ? null : door.refused / all;
}

/** Its producer reaches Kafka by it. */
function certificateLack({ certificate }: ProvinceFacts): string | null {
  if (certificate === 'none') return 'no certificate was issued';
  if (certificate === 'ended') return 'its certificate has ended';
  return certificate === 'revoked' ? 'its certificate was revoked' : null;
}

function instanceLack({ instances, instancesRetired }: ProvinceFacts): string | null {
  if (instances.length > 0) return null;
  return instancesRetired.length > 0 ? 'every instance is retired' : 'no instance is registered';
}

function watermarkLack({ instances, watermarkMs }: ProvinceFacts, nowMs: number): string | null {
  if (instances.length === 0) return null;
  if (watermarkMs === null) return 'no watermark is in force';
  const behindMs = nowMs - watermarkMs;
  return behindMs > BEHIND_AFTER_MS ? `behind by ${agoWords(behindMs)}` : null;
}

function letterLack({ letters }: ProvinceFacts): string | null {
  const reasons = Object.entries(letters);
  return reasons.length === 0
    ? null
    : `open letters: ${reasons.map(([reason, count]) => `${count} ${reason}`).join(' and ')}`;
}

function refusedLack(facts: ProvinceFacts): string | null {
  const share = refusedShareOf(facts);
  return share === null || share <= REFUSED_SHARE_MAX ? null : `${percent(share)} refused at the doors`;
}

export const percent = (share: number): string => `${Math.round(share * 1_000) / 10} %`;

export function agoWords(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`;
}
