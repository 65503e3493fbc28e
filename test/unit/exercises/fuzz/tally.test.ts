/** The fuzzer's own judgement: it finds each kind of wrong answer, and draws the same requests from the same seed. */

import { describe, expect, it } from 'vitest';
import { drawRequest, type FuzzRequest } from '#exercises/fuzz/requests.ts';
import type { Reply } from '#exercises/fuzz/send.ts';
import { Tally } from '#exercises/fuzz/tally.ts';
import { canaries } from '#exercises/fuzz/valid.ts';
import { seededRandom } from '#exercises/town/random.ts';

const CANARY = '110105197203123139';
const PROBLEM = { 'content-type': 'application/problem+json; charset=utf-8' };
const batch: FuzzRequest = {
  door: 'intake',
  method: 'POST',
  path: '/v1/events',
  how: 'meaning',
  headers: {},
  bytes: Buffer.from('[]'),
  events: 2,
};
const answer = (accepted: number, results: number, status = 200): Reply => ({
  status,
  headers: {},
  text: JSON.stringify({ accepted, refused: 0, duplicate: 0, unavailable: 0, results: Array(results).fill({}) }),
});

describe('the tally', () => {
  it.each([
    ['5xx', { status: 503, headers: PROBLEM, text: '{"type":"x"}' }],
    ['a refusal that is no problem document', { status: 417, headers: {}, text: '' }],
    ['a canary in the text', { status: 400, headers: PROBLEM, text: `{"type":"x","detail":"${CANARY}"}` }],
    ['a canary in a header', { status: 400, headers: { ...PROBLEM, location: `/${CANARY}` }, text: '{"type":"x"}' }],
    ['an answer for more events than were sent', answer(3, 3)],
    ['one that doesn’t add up', answer(2, 1)],
  ] as [string, Reply][])('finds %s', (_what, reply) => {
    const tally = new Tally([CANARY]);
    tally.add(batch, reply);
    expect(tally.findings).toHaveLength(1);
  });
  it('finds nothing in a right answer, and counts what it says', () => {
    const tally = new Tally([CANARY]);
    tally.add(batch, answer(2, 2));
    tally.add(batch, { status: 400, headers: PROBLEM, text: '{"type":"x"}' });
    expect(tally).toMatchObject({ findings: [], requests: 2, wellFormed: 2, events: 2, counts: { accepted: 2 } });
  });
  it('holds checks against what was sent too, and counts none of them as an event that was taken', () => {
    const checks = { ...batch, path: '/v1/events/check' };
    const said = (acceptable: number, results: number): Reply => ({
      status: 200,
      headers: {},
      text: JSON.stringify({ acceptable, refused: 1, results: Array(results).fill({}) }),
    });
    const tally = new Tally([]);
    tally.add(checks, said(1, 2));
    expect(tally).toMatchObject({ findings: [], events: 0, counts: { accepted: 0, refused: 0 } });
    tally.add(checks, said(2, 3));
    tally.add(checks, said(1, 1));
    expect(tally.findings).toHaveLength(2);
  });
  it('finds what has no answer', () => {
    const tally = new Tally([]);
    tally.addUnanswered(batch, 'socket hang up');
    expect(tally.findings).toHaveLength(1);
  });
});

describe('the requests', () => {
  const people = canaries(20);
  const drawn = (seed: number): FuzzRequest[] => {
    const random = seededRandom(seed);
    return Array.from({ length: 500 }, () =>
      drawRequest({ people, nowMs: 0 }, random, [people[0]?.documentNumber ?? '']),
    );
  };
  it('are the same for the same seed, and others for another', () => {
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(1)).not.toEqual(drawn(2));
  });
  it('are well-formed JSON, wrong in meaning, in more than half', () => {
    const meant = drawn(3).filter(({ how }) => how === 'meaning');
    expect(meant.length).toBeGreaterThan(250);
    for (const { bytes } of meant)
      for (const line of bytes.toString('utf8').split('\n').filter(Boolean))
        expect(() => JSON.parse(line)).not.toThrow();
  });
  it('are of people whose numbers are right, and all different', () => {
    expect(new Set(people.map(({ documentNumber }) => documentNumber)).size).toBe(20);
  });
});
