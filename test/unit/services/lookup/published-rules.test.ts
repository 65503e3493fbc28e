/**
 * The published rules as a look-up holds them: swapped as a whole, never by a faulty record, and honest about sight.
 */

import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PolicyBook } from '#core/book/policy-book.ts';
import { loadPolicies } from '#exchange/policy/files.ts';
import { packPolicies, unpackPolicies } from '#exchange/policy/publication.ts';
import { POLICIES } from '#platform/folders.ts';
import { createLogger } from '#platform/log.ts';
import { Metrics } from '#platform/metrics.ts';
import { RuleFeed } from '#services/lookup/published-rules.ts';

const STARTED_MS = 1_000_000;
const BOUND_MS = 60_000;
const FIRST = { offset: 3, publishedAtMs: 77 };
const SECOND = { offset: 4, publishedAtMs: 88 };
let fallback: PolicyBook;
let published: Buffer;

beforeAll(async () => {
  fallback = await loadPolicies(POLICIES);
  published = (await packPolicies(POLICIES)).value;
});

function feedWith(metrics = new Metrics()): RuleFeed {
  return new RuleFeed(fallback, {
    logger: createLogger('test', 'silent'),
    metrics,
    startedAtMs: STARTED_MS,
    sightBoundMs: BOUND_MS,
  });
}

describe('a feed', () => {
  it('begins with the rules of the folder, and does not say that it has read the topic', () => {
    const feed = feedWith();
    expect(feed.rules).toBe(fallback.rules);
    expect([feed.hasCaughtUp, feed.stateAt(STARTED_MS)]).toEqual([
      false,
      { publishedAtMs: null, outOfSightSinceMs: null },
    ]);
  });
  it('takes a publication as a whole, and says when it was published', () => {
    const feed = feedWith();
    feed.take(published, FIRST);
    expect(feed.rules).not.toBe(fallback.rules);
    expect(feed.rules.map(({ id, version }) => `${id} ${version}`)).toEqual(
      fallback.rules.map(({ id, version }) => `${id} ${version}`),
    );
    expect(feed.stateAt(STARTED_MS).publishedAtMs).toBe(77);
  });
  it.each([
    ['bytes that are no publication', Buffer.from('no')],
    ['another format', gzipSync(JSON.stringify({ format: 2, files: {} }))],
    [
      'a rule with a fault',
      gzipSync(
        JSON.stringify({ format: 1, files: { '44-guangdong/public-place-v1.json': '{"id": "44/public-place"}' } }),
      ),
    ],
  ])('keeps the rules that it has when it gets %s, and counts it', async (_what, value) => {
    const metrics = new Metrics();
    const feed = feedWith(metrics);
    feed.take(published, FIRST);
    const before = feed.rules;
    feed.take(value, SECOND);
    expect(feed.rules).toBe(before);
    expect(feed.stateAt(STARTED_MS).publishedAtMs).toBe(77);
    expect((await metrics.expose()).body).toContain('hutong_publications_refused_total 1');
  });
  it('keeps its rules when the record is deleted', () => {
    const feed = feedWith();
    feed.take(published, FIRST);
    feed.take(null, SECOND);
    expect(feed.stateAt(STARTED_MS).publishedAtMs).toBe(77);
  });
  it('is not back at rules that were replaced while the topic is read again from its beginning', () => {
    const feed = feedWith();
    feed.take(published, FIRST);
    feed.take(published, SECOND);
    const newest = feed.rules;
    feed.take(published, FIRST);
    expect([feed.rules, feed.stateAt(STARTED_MS).publishedAtMs]).toEqual([newest, 88]);
    expect(feed.rules).toBe(newest);
  });
  it.each([
    ['a topic that was made anew', { offset: 0, publishedAtMs: 99 }],
    ['a broker whose clock was set back', { offset: 5, publishedAtMs: 60 }],
  ])('takes what is new from %s', (_what, third) => {
    const feed = feedWith();
    feed.take(published, SECOND);
    feed.take(published, third);
    expect(feed.stateAt(STARTED_MS).publishedAtMs).toBe(third.publishedAtMs);
  });
  it('says since when it has not seen the topic, once that is longer than the bound', () => {
    const feed = feedWith();
    feed.seen(STARTED_MS + 5_000);
    expect(feed.hasCaughtUp).toBe(true);
    expect(feed.stateAt(STARTED_MS + 5_000 + BOUND_MS).outOfSightSinceMs).toBeNull();
    expect(feed.stateAt(STARTED_MS + 5_001 + BOUND_MS).outOfSightSinceMs).toBe(STARTED_MS + 5_000);
    feed.seen(STARTED_MS + 99_000);
    expect(feed.stateAt(STARTED_MS + 99_000).outOfSightSinceMs).toBeNull();
  });
});

describe('a publication', () => {
  it('unpacks to the rules of its folder', () => {
    expect(unpackPolicies(published).rules.length).toBe(fallback.rules.length);
  });
  it('of a folder that is not there is refused', async () => {
    await expect(packPolicies('/nowhere')).rejects.toMatchObject({ code: 'POLICY_INVALID' });
  });
  it('that would unpack to more than the limit is refused', () => {
    expect(() => unpackPolicies(gzipSync(Buffer.alloc(40 * 1024 * 1024)))).toThrow(/no publication/);
  });
});
