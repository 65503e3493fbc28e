/**
 * What holds of a laboratory's result in whatever format it comes: what a pool says of its members, which number is a
 * resident's. It knows no format, and never puts a number into a fault.
 */

import type { TestResult } from '#core/events/events.ts';
import { normaliseDocument, tidyNumber } from '#core/field/identity.ts';

/** A pool that is positive says of none of its members that they are: each is to be tested alone. */
export function resultOfMember(result: TestResult, poolSize: number | null): TestResult {
  return result === 'positive' && poolSize !== null && poolSize > 1 ? 'indeterminate' : result;
}

const POOLED_WORDING = /(?<!non[- ]?|un)pooled|(?<![非不])混[检管采]/i;
/** 10合1, 10混1. Of what is named 3合1 or 4-in-1 one person's sample is tested for several viruses. */
const SIZE_WORDING = /(?<!\d)(?:(5|10|20|五|二?十) ?合|(\d{1,2}|五|二?十) ?混) ?[1一](?!\d)/;
/** 10:1, beside a word that says it is a pool: a dilution is written so too. */
const RATIO = /(?<!\d)(?:(\d{1,2}) ?: ?1|1 ?: ?(\d{1,2}))(?!\d)/;
const CHINESE_SIZES: Readonly<Record<string, number>> = { 五: 5, 十: 10, 二十: 20 };
const WORDING_CHARS_MAX = 200;

/** What a text says of a pool: that it is one, and of how many samples; null where it says nothing of any. */
function poolIn(text: string): { readonly size: number | null } | null {
  if (!/[混合]|pool/i.test(text)) return null; // nearly all
  const words = text.slice(0, WORDING_CHARS_MAX).normalize('NFKC');
  const isPooled = POOLED_WORDING.test(words);
  const said = SIZE_WORDING.exec(words) ?? (isPooled ? RATIO.exec(words) : null);
  const written = said?.[1] ?? said?.[2];
  const size = written === undefined ? null : (CHINESE_SIZES[written] ?? Number(written));
  return size !== null && size > 1 ? { size } : isPooled ? { size: null } : null;
}

/**
 * Of how many samples a pool is, by what is stated and what texts beside say of it. `unsized`: it is one, of nobody
 * knows how many. Null: nothing says that it is one.
 */
export function poolSizeSaid(
  stated: number | null,
  texts: readonly string[],
): number | null | 'unsized' | 'contradiction' {
  const pools = texts.flatMap((text) => (text === '' ? [] : (poolIn(text) ?? [])));
  const sizes = new Set(pools.flatMap(({ size }) => size ?? []));
  if (stated !== null && (stated > 1 || sizes.size > 0)) sizes.add(stated);
  const [size, another] = sizes;
  if (another !== undefined) return 'contradiction';
  return size ?? (pools.length > 0 ? 'unsized' : stated);
}

/** 18 characters whose check digit, region and birth are right are of a resident, whatever they are called. */
export function isResidentNumber(number: string): boolean {
  const documentNumber = tidyNumber(number);
  return (
    /^\d{17}[\dX]$/.test(documentNumber) &&
    normaliseDocument({ documentType: 'resident_identity_card', documentNumber }).ok
  );
}

/** China's OID of residents' identity numbers, as the system or authority that has issued a number. */
export const RESIDENT_OID = '2.16.156.10011.1.3';

/** As a spreadsheet rounds 18 digits, of which it keeps 15. */
export function isRounded(number: string): boolean {
  return /^\d{15}000$/.test(number);
}
