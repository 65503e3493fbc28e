/**
 * The published rules as a look-up holds them: swapped as a whole, never by a faulty record, and honest about sight.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PolicyBook } from '#core/book/policy-book.ts';
import { loadPolicies } from '#exchange/policy/files.ts';
import { packPolicies, unpackPolicies } from '#exchange/policy/publication.ts';
import { POLICIES } from '#platform/folders.ts';
import { createLogger } from '#platform/log.ts';
import { Metrics } from '#platform/metrics.ts';
import { PublishedRules } from '#services/lookup/published-rules.ts';

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

function bookWith(metrics = new Metrics()): PublishedRules {
  return new PublishedRules(fallback, {
    logger: createLogger('test', 'silent'),
    metrics,
    startedAtMs: STARTED_MS,
    sightBoundMs: BOUND_MS,
  });
}

describe('the book in force', () => {
  it('begins with the rules of the folder, and does not say that it has read the topic', async () => {
    const book = bookWith();
    expect(book.rules).toBe(fallback.rules);
    expect([book.hasCaughtUp, book.stateAt(STARTED_MS)]).toEqual([
      false,
      { publishedAtMs: null, outOfSightSinceMs: null },
    ]);
  });
  it('takes a publication as a whole, and says when it was published', async () => {
    const book = bookWith();
    await book.take(published, FIRST);
    expect(book.rules).not.toBe(fallback.rules);
    expect(book.rules.map(({ id, version }) => `${id} ${version}`)).toEqual(
      fallback.rules.map(({ id, version }) => `${id} ${version}`),
    );
    expect(book.stateAt(STARTED_MS).publishedAtMs).toBe(77);
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
    const book = bookWith(metrics);
    await book.take(published, FIRST);
    const before = book.rules;
    await book.take(value, SECOND);
    expect(book.rules).toBe(before);
    expect(book.stateAt(STARTED_MS).publishedAtMs).toBe(77);
    expect((await metrics.expose()).body).toContain('hutong_publications_refused_total 1');
  });
  it('is the newest of the publications that stay, and no other of them is compiled', async () => {
    const metrics = new Metrics();
    const book = bookWith(metrics);
    const older = { value: Buffer.from('would be refused'), offset: 2, publishedAtMs: 66 };
    await book.takeNewest([older, { value: published, ...FIRST }, { value: null, ...SECOND }]);
    expect(book.stateAt(STARTED_MS).publishedAtMs).toBe(77);
    expect((await metrics.expose()).body).not.toContain('hutong_publications_refused_total 1');
    await book.takeNewest([older, { value: published, ...FIRST }]);
    expect((await metrics.expose()).body).not.toContain('hutong_publications_refused_total 1');
  });
  it('is the one before a newest that can’t be read', async () => {
    const book = bookWith();
    await book.takeNewest([
      { value: published, ...FIRST },
      { value: Buffer.from('no'), ...SECOND },
    ]);
    expect(book.stateAt(STARTED_MS).publishedAtMs).toBe(77);
  });
  it('keeps its rules when the record is deleted', async () => {
    const book = bookWith();
    await book.take(published, FIRST);
    await book.take(null, SECOND);
    expect(book.stateAt(STARTED_MS).publishedAtMs).toBe(77);
  });
  it('is not back at rules that were replaced while the topic is read again from its beginning', async () => {
    const book = bookWith();
    await book.take(published, FIRST);
    await book.take(published, SECOND);
    const newest = book.rules;
    await book.take(published, FIRST);
    expect([book.rules, book.stateAt(STARTED_MS).publishedAtMs]).toEqual([newest, 88]);
    expect(book.rules).toBe(newest);
  });
  it.each([
    ['a topic that was made anew', { offset: 0, publishedAtMs: 99 }],
    ['a broker whose clock was set back', { offset: 5, publishedAtMs: 60 }],
  ])('takes what is new from %s', async (_what, third) => {
    const book = bookWith();
    await book.take(published, SECOND);
    await book.take(published, third);
    expect(book.stateAt(STARTED_MS).publishedAtMs).toBe(third.publishedAtMs);
  });
  it('says since when it has not seen the topic, once that is longer than the bound', async () => {
    const book = bookWith();
    book.seen(STARTED_MS + 5_000);
    expect(book.hasCaughtUp).toBe(true);
    expect(book.stateAt(STARTED_MS + 5_000 + BOUND_MS).outOfSightSinceMs).toBeNull();
    expect(book.stateAt(STARTED_MS + 5_001 + BOUND_MS).outOfSightSinceMs).toBe(STARTED_MS + 5_000);
    book.seen(STARTED_MS + 99_000);
    expect(book.stateAt(STARTED_MS + 99_000).outOfSightSinceMs).toBeNull();
  });
});

describe('a publication', () => {
  it('unpacks to the rules of its folder', async () => {
    expect((await unpackPolicies(published, STARTED_MS)).rules.length).toBe(fallback.rules.length);
  });
  it('kept look-ups waiting for half a second while it was unpacked: others have their turns meanwhile', async () => {
    const unpacking = unpackPolicies(published, STARTED_MS).then(() => true);
    let turns = 0;
    while (!(await Promise.race([unpacking, nextTurn(false)]))) turns += 1;
    expect(turns).toBeGreaterThan(5);
  });
  it('of a folder that is not there is refused', async () => {
    await expect(packPolicies('/nowhere')).rejects.toMatchObject({ code: 'POLICY_INVALID' });
  });
  it('that would unpack to more than the limit is refused', async () => {
    await expect(unpackPolicies(gzipSync(Buffer.alloc(40 * 1024 * 1024)), STARTED_MS)).rejects.toThrow(
      /no publication/,
    );
  });
});
