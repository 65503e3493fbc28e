/**
 * All rules together, and which one is in force: for a destination, a purpose and an instant exactly one, the
 * province's own or, where it has none, the national one. What a set of rules must hold as a whole is checked here.
 */
import { NATIONAL, PURPOSES, type Purpose, type RuleText } from './policy.ts';
import { PROVINCE_CODES, type ProvinceCode } from './regions.ts';
import { compileRule, type Rule } from './rule.ts';
import { parseTime } from './time.ts';

/** A rule, and until when it stays the one that applies. */
export interface RuleInForce {
  readonly rule: Rule;
  readonly untilMs: number;
}

export interface PolicyBook {
  readonly rules: readonly Rule[];
  /** Null when no rule was in force then. */
  readonly select: (destination: ProvinceCode, purpose: Purpose, atMs: number) => RuleInForce | null;
}

/** What is wrong with a rule among the others; `index` says which rule. */
export interface BookFault {
  readonly index: number;
  readonly pointer: string;
  readonly detail: string;
  readonly mend: string;
}

interface Span extends RuleInForce {
  readonly fromMs: number;
}

/** Rules that have no faults; see faultsOfBook. */
export function compilePolicyBook(texts: readonly RuleText[]): PolicyBook {
  const rules = texts.map(compileRule);
  const spans = new Map<string, readonly Span[]>();
  for (const purpose of PURPOSES) {
    const national = spansOf(rules, NATIONAL, purpose);
    for (const code of PROVINCE_CODES) spans.set(`${code}/${purpose}`, fillGaps(spansOf(rules, code, purpose), national));
  }
  const select = (destination: ProvinceCode, purpose: Purpose, atMs: number): RuleInForce | null => {
    // Newest first: nearly every question is about now.
    for (const span of spans.get(`${destination}/${purpose}`) ?? []) if (atMs >= span.fromMs) return atMs < span.untilMs ? span : null;
    return null;
  };
  return { rules, select };
}

function spansOf(rules: readonly Rule[], owner: string, purpose: Purpose): Span[] {
  return rules
    .filter((rule) => rule.owner === owner && rule.purposes.includes(purpose))
    .map((rule) => ({ rule, fromMs: rule.inForceFromMs, untilMs: rule.inForceUntilMs }))
    .sort((a, b) => b.fromMs - a.fromMs);
}

/** A province's own spans, with the national ones wherever it has none; newest first. */
function fillGaps(own: readonly Span[], national: readonly Span[]): readonly Span[] {
  const filled: Span[] = [...own];
  let untilMs = Number.POSITIVE_INFINITY;
  for (const span of [...own, null]) {
    const fromMs = span?.untilMs ?? Number.NEGATIVE_INFINITY;
    for (const { rule, fromMs: start, untilMs: end } of national) {
      const gap = { rule, fromMs: Math.max(start, fromMs), untilMs: Math.min(end, untilMs) };
      if (gap.fromMs < gap.untilMs) filled.push(gap);
    }
    untilMs = span?.fromMs ?? untilMs;
  }
  return filled.sort((a, b) => b.fromMs - a.fromMs);
}

/** The national notice of 29 July 2022: from then on results count from report issue, whoever issued them. */
export const FLOOR_FROM = '2022-07-29T00:00+08:00';

/** What keeps these rules, each right in itself, from being used together. */
export function faultsOfBook(texts: readonly RuleText[]): BookFault[] {
  const faults = texts.flatMap((text, index) => [...spanFaults(text, index), ...clauseFaults(text, index), ...floorFaults(text, index)]);
  if (faults.length > 0) return faults;
  return [...texts.flatMap((text, index) => clashes(texts, text, index)), ...missingNational(texts)];
}

function spanFaults({ inForce: { from, until } }: RuleText, index: number): BookFault[] {
  const fromMs = parseTime(from)?.atMs;
  const untilMs = until === null ? Number.POSITIVE_INFINITY : parseTime(until)?.atMs;
  const mend = 'give an instant of the calendar, such as 2022-07-29T00:00+08:00';
  if (fromMs === undefined) return [{ index, pointer: '/inForce/from', detail: 'is no instant', mend }];
  if (untilMs === undefined) return [{ index, pointer: '/inForce/until', detail: 'is no instant', mend }];
  return fromMs < untilMs ? [] : [{ index, pointer: '/inForce/until', detail: 'is not after `from`', mend: 'give the first instant after the last one in force' }];
}

function clauseFaults({ id, province, clauses }: RuleText, index: number): BookFault[] {
  const faults: BookFault[] = [];
  if (!id.startsWith(`${province}/`)) faults.push({ index, pointer: '/id', detail: `does not begin with ${province}/`, mend: 'begin the id with the province’s code' });
  clauses.forEach((clause, at) => {
    if (clauses.findIndex((other) => other.id === clause.id) < at) faults.push({ index, pointer: `/clauses/${at}/id`, detail: 'is the id of another clause too', mend: 'give each clause an id of its own' });
  });
  return faults;
}

function floorFaults({ inForce: { until }, clauses }: RuleText, index: number): BookFault[] {
  if (until !== null && instantMs(until) <= instantMs(FLOOR_FROM)) return [];
  const notice = 'the national notice of 29 July 2022';
  return clauses.flatMap((clause, at) => {
    if (clause.kind !== 'result') return [];
    const faults: BookFault[] = [];
    if (clause.countFrom.length > 1 || clause.countFrom[0] !== 'report_issued') faults.push({ index, pointer: `/clauses/${at}/countFrom`, detail: `counts results from something other than report issue after ${notice}`, mend: `write ["report_issued"], or end the version at ${FLOOR_FROM}` });
    if (clause.from !== 'all') faults.push({ index, pointer: `/clauses/${at}/from`, detail: `takes results of named provinces only after ${notice}`, mend: `write "all", or end the version at ${FLOOR_FROM}` });
    return faults;
  });
}

function clashes(texts: readonly RuleText[], text: RuleText, index: number): BookFault[] {
  return texts.slice(0, index).flatMap((other) => {
    if (other.id === text.id && other.version === text.version) return [{ index, pointer: '/version', detail: `version ${text.version} of ${text.id} is there twice`, mend: 'count the version up' }];
    if (other.province !== text.province || !overlap(other.inForce, text.inForce)) return [];
    const purpose = text.purposes.find((one) => other.purposes.includes(one));
    if (purpose === undefined) return [];
    return [{ index, pointer: '/inForce', detail: `is in force together with version ${other.version} of ${other.id} for ${purpose}`, mend: 'end the older one where the newer begins, or part their purposes' }];
  });
}

function overlap(a: RuleText['inForce'], b: RuleText['inForce']): boolean {
  const until = (text: string | null): number => (text === null ? Number.POSITIVE_INFINITY : instantMs(text));
  return instantMs(a.from) < until(b.until) && instantMs(b.from) < until(a.until);
}

function missingNational(texts: readonly RuleText[]): BookFault[] {
  const lasting = texts.filter(({ province, inForce }) => province === NATIONAL && inForce.until === null);
  return PURPOSES.filter((purpose) => !lasting.some(({ purposes }) => purposes.includes(purpose))).map((purpose) => ({
    index: -1,
    pointer: '/purposes',
    detail: `no national rule without an end covers ${purpose}`,
    mend: 'add one under policies/00-national: every province falls back on it',
  }));
}

function instantMs(text: string): number {
  return parseTime(text)?.atMs ?? Number.NaN;
}
