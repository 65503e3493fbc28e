/**
 * A partition's freshness as it is stored: JSON, in which withdrawals stand as a digest. The withdrawals themselves lie
 * beside it in the same commit, so that a look-up reads them once for each set and not with each answer. It must never
 * take withdrawals for those of a digest that they don't have.
 */

import { hash } from 'node:crypto';
import { type Freshness, NO_FRESHNESS } from '#core/view/snapshot.ts';
import { type InForce, NONE_IN_FORCE } from '#core/withdrawals/in-force.ts';

/** Of withdrawals; empty: there are none. */
export type Digest = string;

export interface StoredFreshness extends Omit<Freshness, 'withdrawals'> {
  readonly withdrawals: Digest;
}

const NOTHING_STORED: StoredFreshness = { ...NO_FRESHNESS, withdrawals: '' };
const DIGEST_CHARS = 22;

/** What an earlier version stored may say less. */
export function parseFreshness(stored: string | null | undefined): StoredFreshness {
  return stored ? completed(JSON.parse(stored) as Partial<StoredFreshness>) : NOTHING_STORED;
}

/** With what an earlier version didn't say. */
export function completed(stored: Partial<StoredFreshness>): StoredFreshness {
  return { ...NOTHING_STORED, ...stored };
}

export function freshnessText(freshness: Freshness): string {
  const stored: StoredFreshness = { ...freshness, withdrawals: digestOf(freshness.withdrawals) };
  return JSON.stringify(stored);
}

interface Stored {
  readonly digest: Digest;
  /** The digest, and behind it what it is of. */
  readonly text: string;
}

const NONE: Stored = { digest: '', text: '' };
/** They change seldom and are written at each step. */
const KNOWN = new WeakMap<InForce, Stored>();

export function digestOf(inForce: InForce): Digest {
  return storedOf(inForce).digest;
}

export function withdrawalsText(inForce: InForce): string {
  return storedOf(inForce).text;
}

function storedOf(inForce: InForce): Stored {
  if (inForce.length === 0) return NONE;
  const known = KNOWN.get(inForce);
  if (known !== undefined) return known;
  const json = JSON.stringify(inForce);
  const digest = digestOfText(json);
  const stored = { digest, text: digest + json };
  KNOWN.set(inForce, stored);
  return stored;
}

/** Null: these aren't those of the digest. */
export function parseWithdrawals(digest: Digest, stored: string | null): InForce | null {
  if (digest === '') return NONE_IN_FORCE;
  const json = stored?.slice(DIGEST_CHARS) ?? '';
  return stored?.slice(0, DIGEST_CHARS) === digest && digestOfText(json) === digest
    ? (JSON.parse(json) as InForce)
    : null;
}

function digestOfText(json: string): Digest {
  return hash('sha256', json, 'base64url').slice(0, DIGEST_CHARS);
}
