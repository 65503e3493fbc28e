/**
 * For which days a province has rules of its own, by purpose: the gaps in 2022, and a table of all provinces. It says
 * what the rules say, and judges nobody.
 */

import { PROVINCES, type ProvinceCode } from '#core/field/regions.ts';
import { DAY_MS, formatDay, instantMs, shanghaiDayOf } from '#core/field/time.ts';
import { namedFor, PURPOSES, type Purpose, purposeOf } from '#core/rules/purpose.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import { NATIONAL, type RuleOwner } from '#core/terms/source.ts';

export interface Interval {
  readonly fromMs: number;
  /** Infinity: no end is known. */
  readonly untilMs: number;
}

export interface Gap extends Interval {
  /** Whether own versions lie on both sides. */
  readonly isBetween: boolean;
}

export const YEAR: Interval = {
  fromMs: instantMs('2022-01-01T00:00+08:00'),
  untilMs: instantMs('2023-01-01T00:00+08:00'),
};

/** What of 2022 no own rule for the purpose covers; rules for a kind of place alone cover nothing of the rest. */
export function gapsOf(rules: readonly RuleText[], province: ProvinceCode, purpose: Purpose): Gap[] {
  const own = covered(rules, province, (rule) => namedFor(rule, purpose) !== null);
  const gaps: Gap[] = [];
  let [fromMs, hasBefore] = [YEAR.fromMs, false];
  for (const one of own) {
    if (one.fromMs > fromMs && fromMs < YEAR.untilMs)
      gaps.push({ fromMs, untilMs: Math.min(one.fromMs, YEAR.untilMs), isBetween: hasBefore });
    fromMs = Math.max(fromMs, one.untilMs);
    hasBefore = true;
  }
  if (fromMs < YEAR.untilMs) gaps.push({ fromMs, untilMs: YEAR.untilMs, isBetween: false });
  return gaps;
}

/** Spans of own rules that are in force one after the other, joined; oldest first. */
function covered(rules: readonly RuleText[], owner: RuleOwner, isMeant: (rule: RuleText) => boolean): Interval[] {
  const spans = rules
    .filter((rule) => rule.confirmed && rule.standsAlongside === undefined && rule.province === owner && isMeant(rule))
    .map(({ inForce: { from, until } }) => ({
      fromMs: instantMs(from),
      untilMs: until === null ? Number.POSITIVE_INFINITY : instantMs(until),
    }))
    .sort((a, b) => a.fromMs - b.fromMs);
  const joined: Interval[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (last === undefined || span.fromMs > last.untilMs) joined.push(span);
    else joined[joined.length - 1] = { fromMs: last.fromMs, untilMs: Math.max(last.untilMs, span.untilMs) };
  }
  return joined;
}

/** Province × purpose, as Markdown: own rules from day to day, kinds of place alone, a national rule, or none. */
export function coverageTable(rules: readonly RuleText[]): string {
  const rows = PROVINCES.map(({ code, nameEn }) => [
    `${code} ${nameEn}`,
    ...PURPOSES.map((purpose) => cellOf(rules, code, purpose)),
  ]);
  const national = ['00 national', ...PURPOSES.map((purpose) => spansText(covered(rules, NATIONAL, isFor(purpose))))];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(['', ...PURPOSES.map((purpose) => purpose.replaceAll('_', ' '))]),
    line(['---', ...PURPOSES.map(() => '---')]),
    ...[national, ...rows].map(line),
  ].join('\n');
}

const isFor =
  (purpose: Purpose) =>
  (rule: RuleText): boolean =>
    namedFor(rule, purpose) !== null;
const names =
  (purpose: Purpose) =>
  (rule: RuleText): boolean =>
    rule.purposes.some((scope) => purposeOf(scope) === purpose);

function cellOf(rules: readonly RuleText[], code: ProvinceCode, purpose: Purpose): string {
  const own = covered(rules, code, isFor(purpose));
  if (own.length > 0) return spansText(own);
  const ofKinds = covered(rules, code, names(purpose));
  if (ofKinds.length > 0) return `kinds: ${spansText(ofKinds)}`;
  // What takes the place of all provinces stands in the nation's own row: it says of no day that something was asked.
  const asking = rules.filter(({ takesPlaceOf }) => takesPlaceOf === undefined);
  if (covered(asking, NATIONAL, isFor(purpose)).length > 0) return 'national';
  return covered(asking, NATIONAL, names(purpose)).length > 0 ? 'kinds: national' : 'none known';
}

function spansText(spans: readonly Interval[]): string {
  return spans.length === 0 ? 'none known' : spans.map(intervalText).join(', ');
}

/** The last day is the one on which it still holds. */
export function intervalText({ fromMs, untilMs }: Interval): string {
  const until = untilMs === Number.POSITIVE_INFINITY ? '…' : formatDay(shanghaiDayOf(untilMs - 1));
  return `${formatDay(shanghaiDayOf(fromMs))} – ${until}`;
}

export const daysIn = ({ fromMs, untilMs }: Interval): number => Math.ceil((untilMs - fromMs) / DAY_MS);
