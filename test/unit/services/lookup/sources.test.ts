/** What is told of the sources: all of it to who holds it, the freshness alone to anybody, and Redis is spared. */

import { hash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { CountsBySource } from '#exchange/view/counts.ts';
import { TimingsBySource } from '#exchange/view/timings.ts';
import { HutongError } from '#platform/errors.ts';
import { lookupApp, type TestApp } from '#test/support/lookup-app.ts';
import { freshness, NOW_MS, POSITION } from '#test/support/lookup.ts';

let test: TestApp;
let reads: number;

beforeEach(async () => {
  test = await lookupApp();
  reads = 0;
  test.readSources = async () => {
    reads += 1;
    const counts = new CountsBySource();
    Object.assign(counts.at('43', 'tests'), { events: 9, corrections: 2, latestAcceptedAtMs: NOW_MS - 5_000 });
    counts.at('43', 'tests').unreadable = { bad_tag: 3 };
    counts.at('unknown', 'codes').unreadable = { tombstone: 1 };
    const leaks = [{ key: 'province-43-1', of: '43' as const, sinceMs: NOW_MS - 60_000, isOut: false }];
    const fresh = { ...freshness({ '11': NOW_MS - 90_000, '66': null }), leaks };
    const partitions = [{ position: POSITION, freshness: fresh }];
    return { partitions, counts, timings: new TimingsBySource() };
  };
});

const get = (url: string, headers = {}) => test.app.inject({ url, headers });

interface Told {
  readonly sources: readonly {
    readonly province: string;
    readonly state: string;
    readonly topics: readonly object[];
  }[];
  readonly unknown: readonly object[];
}

describe('GET /v1/sources', () => {
  it('tells of each of the 32 how it stands, and by topic what was counted', async () => {
    const answer = await get('/v1/sources');
    expect(answer.statusCode).toBe(200);
    const { sources, unknown, ...head } = answer.json<Told>();
    const since = '2026-03-02T11:59:00+08:00';
    const leakedKeys = [{ key: 'province-43-1', of: '43', since, partitionsFoldedAgain: 0 }];
    expect(head).toEqual({
      at: '2026-03-02T12:00:00+08:00',
      edition: 1,
      partitions: 1,
      partitionsBehind: 0,
      leakedKeys,
    });
    expect(sources.map(({ province }) => province)).toEqual(PROVINCE_CODES);
    const stateOf = new Map(sources.map(({ province, state }) => [province, state]));
    expect(['43', '33', '11', '66'].map((province) => stateOf.get(province))).toEqual([
      'reporting',
      'nothing_to_say',
      'silent',
      'never_seen',
    ]);
    expect(sources.find(({ province }) => province === '43')).toMatchObject({
      name: { zh: '湖南省', en: 'Hunan' },
      through: '2026-03-02T11:59:59+08:00',
      behindBySeconds: 1,
      incomplete: false,
    });
    expect(sources.find(({ province }) => province === '43')?.topics[0]).toEqual({
      topic: 'tests',
      events: 9,
      corrections: 2,
      retractions: 0,
      unreadable: { bad_tag: 3 },
      latestAcceptedAt: '2026-03-02T11:59:55+08:00',
      lately: null,
    });
    expect(unknown[2]).toEqual({ topic: 'codes', unreadable: { tombstone: 1 } });
  });
  it('reads Redis once a second, however many ask', async () => {
    await Promise.all([get('/v1/sources'), get('/v1/freshness'), get('/freshness'), get('/v1/freshness')]);
    expect(reads).toBe(1);
    test.nowMs += 1_000;
    await get('/v1/freshness');
    expect(reads).toBe(2);
    test.nowMs -= 3_600_000; // the clock is set back
    await get('/v1/freshness');
    expect(reads).toBe(3);
  });
  it('says that the view can’t be read, and asks a Redis that is away no more often', async () => {
    test.readSources = () => {
      reads += 1;
      return Promise.reject(new HutongError('REDIS_UNAVAILABLE', 'away', { retriable: true }));
    };
    for (const url of ['/v1/sources', '/v1/freshness', '/freshness']) {
      const answer = await get(url);
      expect(answer.statusCode).toBe(503);
      expect(answer.headers['content-type']).toContain('application/problem+json');
      expect(answer.json()).toMatchObject({ type: 'urn:hutong:problem:view-unavailable' });
    }
    expect(reads).toBe(1);
  });
});

describe('the freshness that anybody may see', () => {
  it('holds of each of the 32 how far its data reaches, and nothing else', async () => {
    const answer = await get('/v1/freshness', { authorization: '' });
    const { at, provinces, ...others } = answer.json<{ at: string; provinces: { province: string }[] }>();
    expect([at, others]).toEqual(['2026-03-02T12:00:00+08:00', {}]);
    expect(provinces.map(({ province }) => province)).toEqual(PROVINCE_CODES);
    expect(provinces[0]).toEqual({
      province: '11',
      name: { zh: '北京市', en: 'Beijing' },
      through: '2026-03-02T11:58:30+08:00',
      behindBySeconds: 90,
    });
    expect(provinces.at(-1)).toMatchObject({ province: '66', through: null, behindBySeconds: null });
  });
  it('is a page in both languages that loads nothing, runs nothing, and has the one style that it may', async () => {
    const { body, headers } = await get('/freshness', { authorization: '' });
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(body.match(/<tr/g)).toHaveLength(33);
    expect(body).toContain(
      '<tr class="late"><th scope="row">北京市 <span lang="en">Beijing</span></th>' +
        '<td>2026-03-02T11:58:30+08:00</td><td class="number">90 s</td></tr>',
    );
    expect(body).toContain('<td>未知 <span lang="en">unknown</span></td><td class="number">—</td>');
    expect(body).not.toMatch(/<script|src=|href=|url\(|@import/);
    const style = /<style>([^<]*)<\/style>/.exec(body)?.[1] ?? '';
    expect(headers['content-security-policy']).toContain(
      `default-src 'none'; style-src 'sha256-${hash('sha256', style, 'base64')}'`,
    );
  });
});
