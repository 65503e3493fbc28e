/**
 * The one table of what can go wrong for a caller: each kind of problem, with the statuses that it comes with and the
 * words that are always the same. docs/problem-types.md explains each kind, and a test holds the two together. Nothing
 * here repeats what a caller sent: it may be a document's number.
 */

import type { ErrorCode } from './errors.ts';

/** The HTTP status of an answer that is this problem; `event`: the problem of one event in a batch, in its `code`. */
type ProblemStatus = 400 | 401 | 403 | 404 | 405 | 408 | 413 | 415 | 421 | 429 | 431 | 500 | 503 | 'event';

interface ProblemRow {
  /** The first is that of a document which states no other. */
  readonly statuses: readonly ProblemStatus[];
  /** Of the problem document; an event's refusal has none. */
  readonly title: string;
  /** What is wrong and how to mend it, where that is always the same. */
  readonly detail?: string;
  readonly hint?: string;
  /** The same request may succeed a little later: the answer says after how many seconds. */
  readonly retriable: boolean;
}

type Words = Pick<ProblemRow, 'detail' | 'hint'>;

const document = (status: Exclude<ProblemStatus, 'event'>, title: string, words: Words = {}) =>
  ({ statuses: [status], title, ...words, retriable: false }) satisfies ProblemRow;
const later = (title: string, words: Words) =>
  ({ statuses: [503], title, ...words, retriable: true }) satisfies ProblemRow;
const event = (detail?: string, hint?: string) =>
  ({
    statuses: ['event'],
    title: 'the event can’t be taken',
    ...(detail === undefined ? {} : { detail }),
    ...(hint === undefined ? {} : { hint }),
    retriable: false,
  }) satisfies ProblemRow;

const NOT_ANSWERED = 'the request can’t be answered';
const question = (detail: string, hint: string) => document(400, NOT_ANSWERED, { detail, hint });
/** A look-up's question and an event fail by it alike; who finds it says the rest. */
const EITHER = { statuses: [400, 'event'], title: NOT_ANSWERED, retriable: false } satisfies ProblemRow;

const READ_THE_DOCUMENTATION = 'see the API documentation';
const ON_PAPER =
  'ask again after Retry-After; meanwhile a result shown through another channel or on paper has equal effect within ' +
  'its window';

const TABLE = {
  // Of every service's HTTP side.
  malformed: document(400, 'the request does not have the documented form'),
  'unusable-request': { statuses: [400, 408, 413, 415, 431], title: 'the request can’t be taken', retriable: false },
  'no-such-address': document(404, 'no such address', { hint: 'the API documentation lists the addresses' }),
  'other-method': document(405, 'this address takes another method', { hint: 'Allow names those that it takes' }),
  'other-host': document(421, 'the request is for another host', {
    hint: 'give one Host header, with a name under which this service is reached',
  }),
  'body-too-slow': document(408, 'the body did not come in time', {
    hint: 'send it again, at 4,096 bytes in 2 s or faster',
  }),
  internal: document(500, 'the service failed to answer'),
  // Not retriable: who probes asks again by itself.
  'not-ready': document(503, 'not ready'),

  // Of who asks. They say what is missing, never whether it would have been right.
  'not-identified': document(401, 'who asks is not known', {
    hint: 'get a token from the issuer of this exchange, and send it as Authorization: Bearer',
  }),
  'not-entitled': { statuses: [403, 'event'], title: 'the caller may not do this', retriable: false },
  'too-many-requests': {
    statuses: [429],
    title: 'the caller has asked as much as it may',
    hint: 'ask again after Retry-After; whoever needs more asks who runs the exchange',
    retriable: true,
  },
  'issuer-unavailable': later('tokens can’t be verified now', {
    detail: 'the issuer of tokens is out of reach for too long',
    hint: 'ask again after Retry-After',
  }),

  // Of the door, for a whole batch or file.
  'no-profile': document(403, 'nobody here can tell what this sender’s files mean', {
    detail: 'the caller has no profile: HL7, FHIR and spreadsheets are read by one',
    hint: 'ask who runs the exchange for a profile; NDJSON needs none',
  }),
  'batch-size': document(400, 'the batch has the wrong size'),
  'kafka-unavailable': {
    statuses: [503, 'event'],
    title: 'Kafka is slow or away',
    hint: 'send the same batch again after Retry-After; repeats do no harm',
    retriable: true,
  },
  'door-closed': {
    statuses: [503, 'event'],
    title: 'the door takes no events now',
    detail: 'the producer has just been started and isn’t registered yet, or another process has taken its place',
    hint: 'send the same batch again after Retry-After; repeats do no harm',
    retriable: true,
  },
  'queue-full': { ...event(), retriable: true },

  // Of the look-up.
  overloaded: later('more is asked than can be answered in time', {
    detail: 'the request was refused before it was looked at',
    hint: ON_PAPER,
  }),
  'view-unavailable': later('the view can’t be read now', { detail: 'redis did not answer', hint: ON_PAPER }),
  'view-unreadable': document(500, 'this person’s view can’t be decoded by this version', {
    hint: 'the look-up is older than what wrote the view: replace it',
  }),
  'unknown-kind': document(400, NOT_ANSWERED, {
    detail: 'the kind of place is none that the table of kinds names for the purpose',
  }),
  'other-exchange': document(503, 'this look-up reads the views of another exchange', {
    detail: 'its Redis and its Kafka belong to two exchanges, so nothing that it reads can be told of a person',
    hint: 'ask another look-up, and tell who runs this one',
  }),
  'too-far-ahead': question('the instant lies more than 14 days ahead', 'ask again nearer to the occasion'),

  // Of both: a time, a person, and a report that is older than what it reports.
  'malformed-time': EITHER,
  'no-person': EITHER,
  'two-persons': EITHER,
  'unknown-country': EITHER,
  'wrong-country': EITHER,
  'malformed-number': EITHER,
  'wrong-check-digit': EITHER,
  'impossible-region': EITHER,
  'impossible-birth-date': EITHER,
  'report-before-sampling': EITHER,
  'report-before-test': EITHER,

  // Of an event's form.
  'not-json': event('the event is not JSON', 'one JSON object for each event'),
  'event-too-long': event('is longer than 65,536 bytes', 'send one event with the fields that it has'),
  'not-utf8': event('is not UTF-8', 'write it as UTF-8: in GBK or another encoding each character would be lost'),
  'duplicate-name': event('an object has this name twice', 'write each field once: which of the two was meant?'),
  'broken-character': event('holds one half of a character', 'write the text again, as UTF-8'),
  'not-an-object': event('an event is a JSON object', READ_THE_DOCUMENTATION),
  'unknown-type': event('not a type of event'),
  'field-missing': event('is missing', READ_THE_DOCUMENTATION),
  'unknown-field': event('has a field that this type of event does not have'),
  'wrong-form': event('has another form', READ_THE_DOCUMENTATION),
  'province-not-served': event('this producer does not publish for that province'),

  // Of the rules of events: core/events/event-faults.ts has their words.
  'unknown-province': event(),
  'unknown-status': event(),
  'unknown-result': event(),
  'unknown-precision': event(),
  'precision-missing': event(),
  'text-too-long': event(),
  'text-blank': event(),
  'text-with-marks': event(),
  'number-in-text': event(),
  'number-out-of-range': event(),
  'time-in-future': event(),
  'time-before-2019': event(),
  'test-before-sampling': event(),
  'report-too-late': event(),
  'unknown-method': event(),
  'accession-before-sampling': event(),
  'record-before-act': event(),
  'code-without-grounds': event(),
  'expiry-before-assignment': event(),
  'validity-too-long': event(),
  'departure-before-arrival': event(),
  'reach-out-of-range': event(),
  'unknown-takes': event(),
  'not-the-national-role': event(
    'only the national role erases what all publishers published',
    'leave takes out: the erasure then takes what this province published; ask the national role for the rest',
  ),
} as const satisfies Readonly<Record<string, ProblemRow>>;

export type ProblemKind = keyof typeof TABLE;

/** Those that an answer as a whole can be. */
export type DocumentKind = {
  [K in ProblemKind]: (typeof TABLE)[K]['statuses'][number] extends 'event' ? never : K;
}[ProblemKind];

export const PROBLEMS: Readonly<Record<ProblemKind, ProblemRow>> = TABLE;

/** What a caller is told where this program's own error is the reason. */
export const PROBLEM_OF_ERROR = {
  KAFKA_UNAVAILABLE: 'kafka-unavailable',
  QUEUE_FULL: 'queue-full',
  PRODUCER_SUPERSEDED: 'door-closed',
  REDIS_UNAVAILABLE: 'view-unavailable',
  VIEW_UNREADABLE: 'view-unreadable',
  OTHER_EXCHANGE: 'other-exchange',
} as const satisfies Readonly<Partial<Record<ErrorCode, ProblemKind>>>;

/** A problem document of RFC 9457. */
export interface Problem {
  readonly type: ProblemType;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly hint?: string;
  /** JSON pointer to the field in question. */
  readonly pointer?: string;
}

export type ProblemType = `urn:hutong:problem:${ProblemKind}`;

const NAMESPACE = 'urn:hutong:problem:';

export function problemType(kind: ProblemKind): ProblemType {
  return `${NAMESPACE}${kind}`;
}

export function isRetriable({ type }: Problem): boolean {
  return PROBLEMS[type.slice(NAMESPACE.length) as ProblemKind].retriable;
}

/** @param said what is known beyond the table, or goes before it */
export function problemOf(kind: DocumentKind, said: Partial<Omit<Problem, 'type'>> = {}): Problem {
  const { statuses, title, detail, hint } = PROBLEMS[kind];
  return {
    type: problemType(kind),
    title,
    status: statuses.find((one) => one !== 'event') as number,
    ...(detail === undefined ? {} : { detail }),
    ...(hint === undefined ? {} : { hint }),
    ...said,
  };
}

/** Why one event of a batch isn't taken. */
export interface Refusal {
  readonly pointer: string;
  readonly code: ProblemKind;
  readonly detail?: string;
  readonly hint?: string;
}

/** @param said what is known beyond the table, or goes before it */
export function refusalOf(code: ProblemKind, pointer: string, said: Words = {}): Refusal {
  const { detail, hint } = PROBLEMS[code];
  return {
    pointer,
    code,
    ...(detail === undefined ? {} : { detail }),
    ...(hint === undefined ? {} : { hint }),
    ...said,
  };
}
