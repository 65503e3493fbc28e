/**
 * From a request's JSON to a question, or to the problem with it. Pure but for the secrets and the clock that it is
 * given. A problem points at the field and never repeats its value.
 */

import type { PolicyBook } from '#core/book/policy-book.ts';
import type { SearchBook } from '#core/book/searched.ts';
import type { Selected } from '#core/book/selected.ts';
import type { CodeBook } from '#core/codes/conversion.ts';
import type { PersonKey } from '#core/field/identity.ts';
import { neighbourhoodOf } from '#core/field/neighbourhood.ts';
import { keyOfNamed } from '#core/field/person.ts';
import { PROVINCE_CODES, type ProvinceCode } from '#core/field/regions.ts';
import { DAY_MS, type ParsedTime, parseTime } from '#core/field/time.ts';
import type { Presented } from '#core/question/evidence.ts';
import type { Occasion } from '#core/question/occasion.ts';
import { kindsOf, titleOfKind } from '#core/rules/kinds-text.ts';
import type { Caller } from '#exchange/identity/caller.ts';
import { type Action, lackOf } from '#exchange/identity/lack.ts';
import { readOccasion } from '#exchange/policy/schema/occasion.ts';
import { type DocumentKind, type Problem, problemOf } from '#platform/problems.ts';
import type { AllDestinationsRequestJson, PresentedJson, RecognitionRequestJson } from './request-schema.ts';

/** What is asked about a person, but for the destination. */
export interface AskedOfPerson {
  readonly ok: true;
  readonly key: PersonKey;
  /** See caller-limits.ts. */
  readonly neighbourhood: number | null;
  readonly purpose: RecognitionRequestJson['purpose'];
  readonly presented: readonly Presented[];
  readonly occasion: Occasion;
  readonly atMs: number;
}

export interface Asked extends AskedOfPerson {
  readonly policy: Selected;
  /** Of the same publication. */
  readonly codeBook: CodeBook;
  readonly searched: SearchBook;
  readonly destination: ProvinceCode;
}

export interface NotAsked {
  readonly ok: false;
  readonly problem: Problem;
}

export interface RequestContext {
  readonly secrets: readonly Buffer[];
  readonly policies: PolicyBook;
  readonly nowMs: number;
  readonly caller: Caller;
}

/** An occasion further ahead than this can't be judged by what is known now. */
const AHEAD_MS_MAX = 14 * DAY_MS;

/** @param json has the documented form */
export function readRequest(json: RecognitionRequestJson, context: RequestContext): Asked | NotAsked {
  const denied = deniedTo(context.caller, json, json.destination);
  if (denied !== null) return denied;
  const asked = readPerson(json, context);
  if (!asked.ok) return asked;
  return askedAt(json.destination, asked, context);
}

/** One question for each destination, in the order of their codes. */
export function readRequestForAll(
  json: AllDestinationsRequestJson,
  context: RequestContext,
): { readonly ok: true; readonly person: AskedOfPerson; readonly asked: readonly Asked[] } | NotAsked {
  const denied = deniedTo(context.caller, json, 'all');
  if (denied !== null) return denied;
  const person = readPerson(json, context);
  if (!person.ok) return person;
  const asked = PROVINCE_CODES.map((destination) => askedAt(destination, person, context));
  return { ok: true, person, asked };
}

/** Before the person is looked at: what a caller may not ask tells it nothing of anybody. */
function deniedTo(
  caller: Caller,
  { purpose, authorisation }: AllDestinationsRequestJson,
  destination: ProvinceCode | 'all',
): NotAsked | null {
  const actions: readonly Action[] = [
    { kind: 'question', destination, purpose },
    { kind: 'ask-for', onBehalfOf: authorisation.onBehalfOf ?? null },
  ];
  for (const action of actions) {
    const lack = lackOf(caller, action);
    if (lack !== null) return refuse('not-entitled', lack);
  }
  return null;
}

function askedAt(destination: ProvinceCode, person: AskedOfPerson, { policies }: RequestContext): Asked {
  const { purpose, occasion, atMs } = person;
  const { kind, place, classes } = occasion;
  const policy = policies.select({ destination, purpose, kind, place, classes }, atMs);
  const { codeBook, searched } = policies;
  return { ...person, policy, codeBook, searched, destination };
}

function readPerson(
  json: AllDestinationsRequestJson,
  { secrets, policies, nowMs }: RequestContext,
): AskedOfPerson | NotAsked {
  const found = keyOfNamed(json, secrets, nowMs);
  if (!found.ok) {
    const { code, ...said } = found.fault;
    return refuse(code, said);
  }
  const at = json.at === undefined ? null : parseTime(json.at);
  if (json.at !== undefined && at === null) return malformedTime('/at');
  const atMs = at?.atMs ?? nowMs;
  if (atMs > nowMs + AHEAD_MS_MAX) return refuse('too-far-ahead', { pointer: '/at' });
  const stated = readOccasion(json.occasion);
  if ('unreadable' in stated) return malformedTime(`/occasion${stated.unreadable}`);
  const { kind } = stated.occasion;
  if (kind !== null && titleOfKind(policies.kinds, json.purpose, kind) === null)
    return unknownKind(kindsOf(policies.kinds, json.purpose));
  const presented: Presented[] = [];
  for (const [index, one] of (json.presented ?? []).entries()) {
    const read = readPresented(one, `/presented/${index}`);
    if ('problem' in read) return read;
    presented.push(read);
  }
  const { key } = found;
  const neighbourhood = neighbourhoodOf(json.person, secrets[0]);
  return { ok: true, key, neighbourhood, purpose: json.purpose, presented, occasion: stated.occasion, atMs };
}

function readPresented(json: PresentedJson, pointer: string): Presented | NotAsked {
  const shown = {
    channel: json.channel ?? 'other',
    province: (json.province ?? null) as ProvinceCode | null,
    laboratory: json.laboratory ?? null,
  } as const;
  const sampled = readTime(json.sampledAt);
  if (sampled === 'unreadable') return malformedTime(`${pointer}/sampledAt`);
  if (json.kind === 'sampling') {
    if (sampled === null) return malformedTime(`${pointer}/sampledAt`);
    return { ...shown, kind: 'sampling', sampledAtMs: sampled.atMs, sampledAtPrecision: sampled.precision };
  }
  const tested = readTime(json.testedAt);
  if (tested === 'unreadable') return malformedTime(`${pointer}/testedAt`);
  const issued = readTime(json.reportIssuedAt);
  if (issued === null || issued === 'unreadable') return malformedTime(`${pointer}/reportIssuedAt`);
  const latestMs = endMsOf(issued);
  if (sampled !== null && sampled.atMs > latestMs)
    return refuse('report-before-sampling', {
      pointer: `${pointer}/reportIssuedAt`,
      detail: 'the report was issued before the sample was taken',
      hint: 'read both times again',
    });
  if (tested !== null && tested.atMs > latestMs)
    return refuse('report-before-test', {
      pointer: `${pointer}/reportIssuedAt`,
      detail: 'the report was issued before the test',
      hint: 'read both times again',
    });
  return {
    ...shown,
    kind: 'result',
    method: json.method ?? 'nucleic_acid',
    result: json.result,
    sampledAtMs: sampled?.atMs ?? null,
    sampledAtPrecision: sampled?.precision ?? null,
    testedAtMs: tested?.atMs ?? null,
    issuedAtMs: issued.atMs,
  };
}

function readTime(text: string | null | undefined): ParsedTime | null | 'unreadable' {
  return text === null || text === undefined ? null : (parseTime(text) ?? 'unreadable');
}

/** A date alone may mean any instant of that day. */
function endMsOf({ atMs, precision }: ParsedTime): number {
  return precision === 'day' ? atMs + DAY_MS - 1 : atMs;
}

function malformedTime(pointer: string): NotAsked {
  return refuse('malformed-time', {
    pointer,
    detail: 'is no instant',
    hint: 'write ISO 8601 with the offset, such as 2022-08-01T08:12+08:00, or a date alone',
  });
}

function refuse(kind: DocumentKind, said: Pick<Problem, 'pointer' | 'detail' | 'hint'>): NotAsked {
  return { ok: false, problem: problemOf(kind, said) };
}

function unknownKind(known: readonly string[]): NotAsked {
  return refuse('unknown-kind', {
    pointer: '/occasion/kind',
    hint: known.length === 0 ? 'the purpose has no kinds: leave it out' : `use ${known.join(', ')}`,
  });
}
