/**
 * A withdrawal: that results of one laboratory no longer count, those of a run, by a method or within a span of time.
 * Pure; it never looks at who a result is of.
 */

import { isProvinceCode, type ProvinceCode } from '#core/field/regions.ts';

export const NATIONAL = 'national';
/** Who withdraws: the province whose laboratory it is, or the national role. */
export type Withdrawer = ProvinceCode | typeof NATIONAL;

/** The time of a result that a span is about. */
export const SPAN_TIMES = ['sampled', 'tested', 'issued'] as const;
export type SpanTime = (typeof SPAN_TIMES)[number];

export interface Span {
  readonly of: SpanTime;
  readonly fromMs: number;
  /** Not within any more. */
  readonly toMs: number;
}

/** What a withdrawal takes. One of the latter three is not null, at least. */
export interface Scope {
  readonly province: ProvinceCode;
  readonly laboratory: string;
  readonly run: string | null;
  readonly method: string | null;
  readonly span: Span | null;
}

export interface Withdrawal extends Scope {
  readonly id: string;
  readonly by: Withdrawer;
  /** Why; it names no person. */
  readonly why: string;
  /** When it was appended, on the broker's clock: shown, and decides nothing. */
  readonly atMs: number;
}

/** That a withdrawal no longer holds. It may be said before it. */
export interface Undoing {
  /** The id of the withdrawal. */
  readonly undoes: string;
  /** Who withdrew: each gives ids of its own, so another may have given the same. */
  readonly of: Withdrawer;
  readonly by: Withdrawer;
  readonly why: string;
  readonly atMs: number;
}

export const WITHDRAWAL_LIMITS = {
  /** Of a laboratory, a run, a method, an id. */
  textCharsMax: 64,
  whyCharsMax: 200,
} as const;

/** Null: it is one that may take effect. */
export function withdrawalFaultOf({ id, by, province, laboratory, run, method, span, why }: Withdrawal): string | null {
  if (!isProvinceCode(province)) return 'it names no province';
  if (by !== province && by !== NATIONAL) return 'only its own province or the national role withdraws a result';
  if (!isText(id)) return 'it has no id';
  if (!isText(laboratory)) return 'it names no laboratory';
  if ([run, method].some((text) => text !== null && !isText(text))) return 'its run or method is no text';
  if (why.length > WITHDRAWAL_LIMITS.whyCharsMax) return 'its reason is too long';
  if (span !== null && (!SPAN_TIMES.includes(span.of) || !(span.fromMs < span.toMs))) return 'its span of time is none';
  return run === null && method === null && span === null ? 'it names no run, no method and no span of time' : null;
}

/** Null: it is one that may take effect. */
export function undoingFaultOf({ undoes, of, by, why }: Undoing): string | null {
  if (!isText(undoes)) return 'it undoes nothing';
  if (why.length > WITHDRAWAL_LIMITS.whyCharsMax) return 'its reason is too long';
  if (of !== NATIONAL && !isProvinceCode(of)) return 'it undoes nobody’s withdrawal';
  return by === of || by === NATIONAL ? null : 'only who withdrew or the national role undoes a withdrawal';
}

function isText(text: string): boolean {
  return text !== '' && text.length <= WITHDRAWAL_LIMITS.textCharsMax;
}

/** What of a result a withdrawal looks at. */
export interface Withdrawable {
  readonly province: ProvinceCode;
  readonly laboratory: string;
  readonly run: string | null;
  readonly method: string;
  readonly sampledAtMs: number | null;
  readonly testedAtMs: number | null;
  readonly issuedAtMs: number;
}

export function takes({ province, laboratory, run, method, span }: Scope, result: Withdrawable): boolean {
  return (
    result.province === province &&
    result.laboratory === laboratory &&
    (run === null || result.run === run) &&
    (method === null || result.method === method) &&
    (span === null || isWithin(span, result))
  );
}

function isWithin({ of, fromMs, toMs }: Span, { sampledAtMs, testedAtMs, issuedAtMs }: Withdrawable): boolean {
  const atMs = of === 'sampled' ? sampledAtMs : of === 'tested' ? testedAtMs : issuedAtMs;
  return atMs !== null && atMs >= fromMs && atMs < toMs;
}
