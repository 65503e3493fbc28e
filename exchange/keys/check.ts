/**
 * Whether a record is its publisher's: by its tag, or because it was written before there were tags. It never looks at
 * what the record says.
 */

import { isProvinceCode, type ProvinceCode } from '#core/field/regions.ts';
import { NATIONAL, OPERATOR, provinceOfPrincipal } from '#exchange/identity/principals.ts';
import type { Headers, IncomingRecord } from '#platform/kafka/record.ts';
import type { KeyRing } from './ring.ts';
import { bearsSettlementTag, firstAppendedAtMsOf, SETTLEMENT_KEY, settlementTagHolds } from './settlement-tags.ts';
import { bearsTag, headerMs, headerText, TAG_AT, TAG_BY, TAG_FOR, TAG_KEY, tagHolds } from './tags.ts';

export type Verdict =
  /**
   * `province`: that wrote it; null: the national role did, or nobody knows, for it was written before there were tags.
   * `firstAppendedAtMs`: of what it is a copy of, on the broker's clock; null: it is no copy. `under`: the key of who
   * wrote it, and when the record was first appended under it; null: nobody knows.
   */
  | {
      readonly holds: true;
      readonly province: ProvinceCode | null;
      readonly isNational: boolean;
      readonly firstAppendedAtMs: number | null;
      readonly under: UnderKey | null;
    }
  /** `settles`: what it says that it settles is the operator's word nevertheless. */
  | { readonly holds: false; readonly detail: string; readonly settles: boolean };

export interface UnderKey {
  /** Its name. */
  readonly key: string;
  /** In epoch ms of the broker's clock. */
  readonly appendedAtMs: number;
}

export interface TagCheck {
  verdictOf(record: IncomingRecord): Verdict;
}

/** By `<topic> <partition>`, the offset from which on every record bears a tag; null: nobody has stated one. */
export type CutOff = Readonly<Record<string, number>> | null;

/** When keys of records count, as `KnownKeys` of exchange/topics. */
export interface KeyTimes {
  /** Whether what was first appended then under that key counts nowhere. */
  refuses(key: string, appendedAtMs: number): boolean;
}

export class RecordTags implements TagCheck {
  readonly #ring: KeyRing;
  readonly #cutOff: CutOff;
  readonly #times: KeyTimes;

  /** @param times as they are known at each moment */
  constructor(ring: KeyRing, cutOff: CutOff, times: KeyTimes) {
    this.#ring = ring;
    this.#cutOff = cutOff;
    this.#times = times;
  }

  verdictOf(record: IncomingRecord): Verdict {
    if (SETTLES in record.headers) {
      const fault = this.#settlementFaultOf(record);
      if (fault !== null) return { ...bad(record, fault), settles: false };
      if (record.value === null) return BEFORE_TAGS; // a discard holds no event
    }
    if (!bearsTag(record)) return this.#isBefore(record) ? BEFORE_TAGS : bad(record, 'it bears no tag');
    const id = headerText(record.headers, TAG_KEY);
    const key = this.#ring.of(id);
    if (key === undefined) return bad(record, 'its key is not at hand');
    if (!tagHolds(key, record)) return bad(record, 'its tag is not that of its key');
    // A replay bears the tag that its record always bore: it is as old as that one, by the operator's word alone.
    const firstAtMs = SETTLES in record.headers ? firstAppendedAtMsOf(record.headers) : null;
    const appendedAtMs = firstAtMs ?? record.appendedAtMs;
    if (this.#times.refuses(id, appendedAtMs)) return bad(record, NOT_VALID);
    const isCopy = key.principal === OPERATOR;
    const teller = isCopy ? headerText(record.headers, TAG_FOR) : key.principal;
    const province = provinceOfPrincipal(teller);
    const isNational = teller === NATIONAL;
    const isOfBeforeTags = isCopy && teller === UNKNOWN;
    if (province === null && !isNational && !isOfBeforeTags) return bad(record, 'it is tagged for nobody');
    const said = { holds: true, province, isNational } as const;
    if (!isCopy) return { ...said, firstAppendedAtMs: null, under: { key: id, appendedAtMs } };
    const under = underOf(headerText(record.headers, TAG_BY));
    if (under !== null && this.#times.refuses(under.key, under.appendedAtMs)) return bad(record, NOT_VALID);
    // A replay of a copy is judged by the time of its replay, as any other is.
    const firstAppendedAtMs = SETTLES in record.headers ? null : headerMs(record.headers, TAG_AT);
    return { ...said, firstAppendedAtMs, under };
  }

  #settlementFaultOf(record: IncomingRecord): string | null {
    if (!bearsSettlementTag(record)) return this.#isBefore(record) ? null : 'it settles a letter without a tag';
    if (!settlementTagHolds(this.#ring, record)) return 'the tag of what it settles does not hold';
    const key = headerText(record.headers, SETTLEMENT_KEY);
    return this.#times.refuses(key, record.appendedAtMs) ? NOT_VALID : null;
  }

  #isBefore({ topic, partition, offset }: IncomingRecord): boolean {
    return this.#cutOff === null || offset < (this.#cutOff[`${topic} ${partition}`] ?? 0);
  }
}

/** `tag-for` of a copy whose record was written before there were tags. */
export const UNKNOWN = 'unknown';
const SETTLES = 'letter-settles';
const BEFORE_TAGS: Verdict = {
  holds: true,
  province: null,
  isNational: false,
  firstAppendedAtMs: null,
  under: null,
};
const NOT_VALID = 'its key did not count when it was appended';

function bad({ headers }: IncomingRecord, detail: string): Verdict & { readonly holds: false } {
  return { holds: false, detail, settles: SETTLES in headers };
}

/** As `tag-by` says it. */
export function underText({ key, appendedAtMs }: UnderKey): string {
  return `${key}/${appendedAtMs}`;
}

function underOf(text: string): UnderKey | null {
  const [, key, ms] = /^([a-z]+(?:-\d{2})?-\d{1,4})\/(\d{1,15})$/.exec(text) ?? [];
  return key === undefined ? null : { key, appendedAtMs: Number(ms) };
}

const SOURCE = /^\/provinces\/(\d{2})\//;

/** The province that a record's CloudEvents source names; null where it names none. */
export function provinceOfSource(headers: Headers): ProvinceCode | null {
  const code = SOURCE.exec(headerText(headers, 'ce_source'))?.[1] ?? '';
  return isProvinceCode(code) ? code : null;
}
