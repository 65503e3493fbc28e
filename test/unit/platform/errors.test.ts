/**
 * What each failure while materialising leads to: the whole table, so that a new code is decided on and not defaulted.
 */

import { describe, expect, it } from 'vitest';
import {
  describeError,
  type Disposition,
  dispositionOf,
  ERROR_CODES,
  type ErrorCode,
  HutongError,
} from '#platform/errors.ts';

const DISPOSITIONS: Readonly<Record<ErrorCode, Disposition>> = {
  CONFIG_INVALID: 'crash',
  IDENTITY_UNUSABLE: 'crash',
  KAFKA_UNAVAILABLE: 'retry',
  KAFKA_TOPIC_MISSING: 'crash',
  REGISTRY_UNAVAILABLE: 'retry',
  REGISTRY_SCHEMA_MISSING: 'crash',
  REDIS_UNAVAILABLE: 'retry',
  REDIS_FULL: 'retry',
  REDIS_MAY_EVICT: 'crash',
  POSITION_REFUSED: 'reload',
  REBUILD_ENDED: 'crash',
  LOG_NOT_REPUBLISHED: 'crash',
  LOG_OTHER_PLAN: 'crash',
  OTHER_EXCHANGE: 'crash',
  PRODUCER_SUPERSEDED: 'crash',
  PRODUCER_UNKNOWN: 'crash',
  WITHDRAWAL_REFUSED: 'crash',
  ALREADY_RUNNING: 'crash',
  LOG_DROPS_HISTORY: 'crash',
  POSITION_UNREACHABLE: 'stop_partition',
  RECORD_UNREADABLE: 'dead_letter',
  VIEW_UNREADABLE: 'crash',
  POLICY_INVALID: 'crash',
  LETTER_UNKNOWN: 'crash',
  ISSUER_UNAVAILABLE: 'crash',
  TOKEN_REFUSED: 'crash',
  QUEUE_FULL: 'crash',
  INTERNAL: 'crash',
};
const CODES = Object.keys(ERROR_CODES) as ErrorCode[];

describe('a failure', () => {
  it.each(CODES)('%s leads to one thing, whether it calls itself retriable or not', (code) => {
    for (const retriable of [true, false])
      expect(dispositionOf(new HutongError(code, 'text', { retriable }))).toBe(DISPOSITIONS[code]);
  });
  it('that nobody foresaw ends the process, which then reads again from the stored position', () => {
    for (const unforeseen of [new TypeError('x is undefined'), 'text', null, undefined, { code: 'REDIS_UNAVAILABLE' }])
      expect(dispositionOf(unforeseen)).toBe('crash');
  });
});

describe('the table of codes', () => {
  it.each(CODES)('says what %s means', (code) => {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    expect(ERROR_CODES[code]).toMatch(/^\S.{10,}$/);
  });
});

describe('an error in a log line', () => {
  it('tells its causes too', () => {
    const cause = new Error('connect ECONNREFUSED');
    expect(
      describeError(new HutongError('REDIS_UNAVAILABLE', 'redis did not answer', { retriable: true, cause })),
    ).toBe('redis did not answer: connect ECONNREFUSED');
    expect(describeError(new Error('a', { cause: new Error('b', { cause: 'c' }) }))).toBe('a: b: c');
    expect(describeError('text')).toBe('text');
  });
  it('keeps what it was given', () => {
    expect(new HutongError('QUEUE_FULL', 'full', { retriable: true, hint: 'wait' })).toMatchObject({
      name: 'HutongError',
      code: 'QUEUE_FULL',
      retriable: true,
      hint: 'wait',
      message: 'full',
    });
    expect(Object.hasOwn(new HutongError('INTERNAL', 'x', { retriable: false }), 'cause')).toBe(false);
  });
});
