/** What the board says of a province: ready for what it has sent, and what keeps it from everything. */

import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '#core/field/time.ts';
import { printBoard } from '#services/cli/contract/board.ts';
import { countsIn } from '#services/cli/contract/door-counts.ts';
import { type ProvinceFacts, readinessOf, readinessWords } from '#services/cli/contract/readiness.ts';

const NOW_MS = Date.UTC(2022, 7, 10);
const NONE = { records: 0, lastAtMs: null };
const some = (records: number) => ({ records, lastAtMs: NOW_MS - HOUR_MS });
const GOOD: ProvinceFacts = {
  province: '43',
  certificate: 'valid',
  keyPublished: true,
  instances: ['43-a'],
  instancesRetired: [],
  watermarkMs: NOW_MS - 1_000,
  sent: { tests: some(120), vaccinations: some(3), codes: NONE, erasures: NONE },
  letters: {},
  door: { accepted: 123, refused: 2, checked: 10, checkedRefused: 1 },
};
const words = (given: Partial<ProvinceFacts> = {}) => readinessWords(readinessOf({ ...GOOD, ...given }, NOW_MS));

describe('a province', () => {
  it('is ready for what it has sent, and for nothing that nobody has seen', () => {
    expect(words()).toBe('ready for tests, vaccinations; not codes, erasures: none sent');
    expect(words({ sent: { tests: NONE, vaccinations: NONE, codes: NONE, erasures: NONE } })).toBe(
      'set up; nothing sent yet',
    );
    const all = { tests: some(1), vaccinations: some(1), codes: some(1), erasures: some(1) };
    expect(words({ sent: all })).toBe('ready for tests, vaccinations, codes, erasures');
  });
  it.each<[string, Partial<ProvinceFacts>]>([
    ['no certificate was issued', { certificate: 'none' }],
    ['its certificate was revoked', { certificate: 'revoked' }],
    ['its certificate has ended', { certificate: 'ended' }],
    ['no key is published', { keyPublished: false }],
    ['no instance is registered', { instances: [] }],
    ['every instance is retired', { instances: [], instancesRetired: ['43-a'] }],
    ['no watermark is in force', { watermarkMs: null }],
    ['behind by 5 min', { watermarkMs: NOW_MS - 300_000 }],
    ['open letters: 2 bad_tag and 1 breaks_a_rule', { letters: { bad_tag: 2, breaks_a_rule: 1 } }],
    ['50 % refused at the doors', { door: { accepted: 1, refused: 1, checked: 0, checkedRefused: 0 } }],
  ])('isn’t ready for anything: %s', (lack, given) => {
    expect(words(given)).toBe(`not ready: ${lack}`);
    expect(readinessOf({ ...GOOD, ...given }, NOW_MS).ready).toEqual([]);
  });
  it('is told all that it lacks at once', () => {
    expect(words({ keyPublished: false, instances: [], watermarkMs: null })).toBe(
      'not ready: no key is published, no instance is registered',
    );
  });
  it('isn’t held up by what nobody knows or asks for', () => {
    for (const given of [
      { certificate: null },
      { certificate: 'due' },
      { door: null },
      { door: { accepted: 0, refused: 0, checked: 0, checkedRefused: 9 } },
    ] as const)
      expect(words(given)).toMatch(/^ready for/);
  });
});

it('the board has a line for each, and says what it couldn’t ask', () => {
  const lines: string[] = [];
  const none = { ...GOOD, province: '11' as const, door: null, certificate: null, watermarkMs: NOW_MS - 3 * DAY_MS };
  printBoard([GOOD, none], { asked: 1, away: ['http://a answered 500'] }, NOW_MS, (line) => void lines.push(line));
  const text = lines.join('\n');
  expect(text).toMatch(/43 Hunan .*valid .*yes .*43-a .*120, 60 min ago .*1\.6 % .*11, 1 refused/);
  expect(text).toMatch(/11 Beijing .*\? .*not ready: behind by 3 days/);
  expect(text).toContain('1 of 2 are ready for something');
  expect(text).toContain('http://a answered 500');
});

it('counts what several doors took, refused and checked, and nothing that is sent again', () => {
  const metrics = (accepted: number) => `
# HELP hutong_events_total Events
hutong_events_total{province="43",outcome="accepted"} ${accepted}
hutong_events_total{province="43",outcome="refused"} 2
hutong_events_total{province="43",outcome="duplicate"} 50
hutong_events_total{province="43",outcome="unavailable"} 70
hutong_events_total{province="unknown",outcome="refused"} 9
hutong_events_checked_total{province="43",outcome="acceptable"} 5
hutong_events_checked_total{province="43",outcome="refused"} 1
`;
  expect(countsIn([metrics(1), metrics(3), ''])).toEqual(
    new Map([['43', { accepted: 4, refused: 4, checked: 10, checkedRefused: 2 }]]),
  );
});
