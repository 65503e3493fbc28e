/**
 * What else stands on record beside the evidence: codes in force, exposures, doses. It is shown in every answer, so that
 * one look is enough and nothing is self-reported; it never enters the outcome. Pure.
 */
import { codesInForce } from './codes.ts';
import type { Words } from './policy.ts';
import { HISTORY_DAYS_KEPT } from './policy-clauses.ts';
import { nameOfProvince, type ProvinceCode } from './regions.ts';
import { DAY_MS, formatTime, formatTimeAs } from './time.ts';
import type { PersonView } from './view.ts';

export interface ProvinceShown {
  readonly province: ProvinceCode;
  readonly name: Words;
}

export interface CodeShown {
  /** The assigning province. */
  readonly assignedBy: ProvinceShown;
  readonly state: string;
  readonly reason: string | null;
  readonly authority: string | null;
  readonly legalBasis: string | null;
  readonly assignedAt: string;
  readonly expiresAt: string | null;
  readonly appealContact: string | null;
  /** Who alone may clear it, wherever the person is; null for green. */
  readonly clearedBy: ProvinceShown | null;
}

export interface ExposureShown {
  readonly reportedBy: ProvinceShown;
  readonly riskArea: string;
  readonly level: string;
  readonly from: string;
  /** Null: still there when it was recorded. */
  readonly to: string | null;
}

export interface DoseShown {
  readonly reportedBy: ProvinceShown;
  readonly product: string;
  readonly doseNumber: number;
  readonly givenAt: string;
}

export interface Standing {
  readonly codes: readonly CodeShown[];
  /** A code that is no longer held might still be in force. */
  readonly codesMayMissSome: boolean;
  /** Of the last fortnight, counted from leaving. */
  readonly exposures: readonly ExposureShown[];
  readonly doses: readonly DoseShown[];
}

const NOTHING: Standing = { codes: [], codesMayMissSome: false, exposures: [], doses: [] };

export function standingAt(view: PersonView | null, atMs: number): Standing {
  if (view === null) return NOTHING;
  const { codes, mayMissSome } = codesInForce(view, atMs);
  return {
    codes: codes.map(({ province, code, clearedBy }) => ({
      assignedBy: shown(province),
      state: code.state,
      reason: code.reason,
      authority: code.authority,
      legalBasis: code.legalBasis,
      assignedAt: formatTime(code.assignedAtMs),
      expiresAt: code.expiresAtMs === null ? null : formatTime(code.expiresAtMs),
      appealContact: code.appealContact,
      clearedBy: clearedBy === null ? null : shown(clearedBy),
    })),
    codesMayMissSome: mayMissSome,
    exposures: view.exposures
      .filter(({ status, fromMs, toMs }) => status !== 'retracted' && fromMs <= atMs && (toMs === null || toMs > atMs - HISTORY_DAYS_KEPT * DAY_MS))
      .map(({ province, riskArea, level, fromMs, toMs }) => ({ reportedBy: shown(province), riskArea, level, from: formatTime(fromMs), to: toMs === null ? null : formatTime(toMs) })),
    doses: view.doses
      .filter(({ status, givenAtMs }) => status !== 'retracted' && givenAtMs <= atMs)
      .map(({ province, product, doseNumber, givenAtMs, givenAtPrecision }) => ({ reportedBy: shown(province), product, doseNumber, givenAt: formatTimeAs(givenAtMs, givenAtPrecision) })),
  };
}

function shown(province: ProvinceCode): ProvinceShown {
  return { province, name: nameOfProvince(province) };
}
