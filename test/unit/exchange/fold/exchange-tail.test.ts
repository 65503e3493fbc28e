/**
 * What a copy knows of the whole exchange: it knows all instances before it is asked, and an odd record stops nothing.
 */

import { describe, expect, it } from 'vitest';
import { ExchangeTail } from '#exchange/fold/exchange-tail.ts';
import { noteHeaders, type SettlementNote } from '#exchange/topics/letters.ts';
import type { SchemaSource } from '#exchange/topics/registry.ts';
import { SCHEMA_IDS, schemaSource } from '#test/unit/platform/kafka/support.ts';
import { START, unavailable } from './support.ts';
import { type Message, registered, retired, watermark, OWN_CLOCK_MS, exchange, throughOf } from './tail.ts';

describe('the start', () => {
  it('waits for everything that the topics held, lest an instance be missing', async () => {
    const { started, isStarted, arrive } = exchange({ producers: 2, watermarks: 1 });
    await arrive('producers', registered('43-a'));
    await arrive('watermarks', watermark('43-a', 500));
    expect(isStarted()).toBe(false);
    await arrive('producers', registered('43-b'));
    expect(throughOf(await started)).toEqual({ '43-a': 500, '43-b': 0 });
  });
  it('waits for nothing where there is nothing', async () => {
    await expect(exchange({}).started).resolves.toBeInstanceOf(ExchangeTail);
  });
});

describe('the exchange', () => {
  it('goes on: instances come and go, watermarks come into force at a position', async () => {
    const { started, arrive } = exchange({});
    const tail = await started;
    await arrive('producers', registered('43-a'), registered('11-a'));
    await arrive('watermarks', watermark('43-a', 500), watermark('43-a', 600, 3), watermark('11-a', 100));
    expect(throughOf(tail)).toEqual({ '43-a': 500, '11-a': 100 });
    await arrive('producers', retired('11-a'));
    expect(throughOf(tail)).toEqual({ '43-a': 500 });
  });
  it('believed a former process while the registry was away from the newer one’s registration', async () => {
    let isAway = true;
    const known = schemaSource();
    const schemas: SchemaSource = {
      ...known,
      fetch: async (id) => {
        if (isAway && id === SCHEMA_IDS.ProducerRegistered) throw unavailable('REGISTRY_UNAVAILABLE');
        return known.fetch(id);
      },
      cached: (id) => (isAway && id === SCHEMA_IDS.ProducerRegistered ? undefined : known.cached(id)),
    };
    const { started, arrive } = exchange({}, schemas);
    const tail = await started;
    await arrive('watermarks', watermark('43-a', 500, 0, 1));
    await arrive('producers', registered('43-a', 2), registered('43-a', 3));
    await arrive('watermarks', watermark('43-a', 600, 0, 1));
    expect(throughOf(tail)).toEqual({ '43-a': 500 });
    isAway = false;
    await arrive('watermarks', watermark('43-a', 700, 0, 1), watermark('43-a', 800, 0, 2));
    expect(throughOf(tail)).toEqual({ '43-a': 500 });
    await arrive('watermarks', watermark('43-a', 900, 0, 3));
    expect(throughOf(tail)).toEqual({ '43-a': 900 });
  });
  it('lost a full watermark while the registry was away, and what all later ones claimed with it', async () => {
    let isAway = true;
    const known = schemaSource();
    const schemas: SchemaSource = {
      fetch: async (id) => {
        if (isAway) throw unavailable('REGISTRY_UNAVAILABLE');
        return known.fetch(id);
      },
      cached: (id) => (isAway ? undefined : known.cached(id)),
    };
    const { started, arrive } = exchange({}, schemas);
    const tail = await started;
    await arrive('producers', registered('43-a', 1));
    const claims = (sequence: number) => ({ sequence, full: 1, heads: [] });
    await arrive('watermarks', watermark('43-a', 500, 0, 1, claims(1)));
    isAway = false;
    await arrive('watermarks', watermark('43-a', 600, 0, 1, claims(2)));
    expect(throughOf(tail)).toEqual({ '43-a': 600 });
    const process = { instance: '43-a', epoch: 1, topic: 'tests' };
    expect(tail.claimed(process, 0, START, null)).toMatchObject({ kind: 'through' });
  });
  it('waits for an instance whose registration somebody wrote a tombstone over', async () => {
    const { started, arrive } = exchange({});
    const tail = await started;
    await arrive('producers', registered('43-a'), registered('43-b'));
    await arrive('producers', { key: Buffer.from('43-b'), value: null, timestamp: '900' });
    expect(throughOf(tail)).toEqual({ '43-a': 0, '43-b': 0 });
  });
  it('was told by a process of a producer that another had taken the place of', async () => {
    const { started, arrive } = exchange({});
    const tail = await started;
    await arrive('producers', registered('43-a', 1), registered('43-a', 2));
    await arrive('watermarks', watermark('43-a', 500, 0, 1));
    expect(throughOf(tail)).toEqual({ '43-a': 0 });
    await arrive('watermarks', watermark('43-a', 400, 0, 2));
    expect(throughOf(tail)).toEqual({ '43-a': 400 });
  });
  it('was behind as a whole when the broker of the watermarks had a slow clock', async () => {
    const { started, arrive } = exchange({});
    const tail = await started;
    await arrive('watermarks', { ...watermark('43-a', OWN_CLOCK_MS), timestamp: '1' });
    expect(throughOf(tail)).toEqual({ '43-a': OWN_CLOCK_MS });
    await arrive('watermarks', { ...watermark('43-a', 2 * OWN_CLOCK_MS), timestamp: '1' });
    expect(throughOf(tail)).toEqual({ '43-a': OWN_CLOCK_MS });
  });
  it('isn’t stopped by a record that can’t be read, nor by an unknown province', async () => {
    const { started, arrive } = exchange({});
    const tail = await started;
    await arrive(
      'watermarks',
      { key: null, value: Buffer.from('{}') },
      { key: null, value: null },
      watermark('99-a', 900),
      watermark('43-a', 500),
    );
    expect(throughOf(tail)).toEqual({ '43-a': 500 });
  });
  it('holds an instance unreadable while the registry was away: its province is behind, not wrong', async () => {
    let away = true;
    const source = schemaSource();
    const schemas: SchemaSource = {
      cached: source.cached,
      fetch: async (id) => {
        if (away) throw unavailable('REGISTRY_UNAVAILABLE');
        return source.fetch(id);
      },
    };
    const { started, arrive } = exchange({}, schemas);
    const tail = await started;
    await arrive('producers', registered('43-b'));
    away = false;
    await arrive('watermarks', watermark('43-a', 500));
    expect(throughOf(tail)).toEqual({ '43-b': 0, '43-a': 500 });
    await arrive('watermarks', watermark('43-b', 600));
    expect(throughOf(tail)).toEqual({ '43-b': 600, '43-a': 500 });
  });
  it('brings nobody back whose unreadable record is older than its retirement', async () => {
    const { started, arrive } = exchange({});
    const tail = await started;
    await arrive('producers', retired('11-a', '1000'));
    await arrive('watermarks', { key: Buffer.from('11-a'), value: Buffer.from('{}'), timestamp: '900' });
    expect(throughOf(tail)).toEqual({});
  });
  it('has incomplete provinces by its dead letters, here and elsewhere, each once', async () => {
    const { started, arrive } = exchange({});
    const tail = await started;
    const letter = (marks: string, offset: number): Message => ({
      key: null,
      value: null,
      headers: {
        'dead-letter-topic': 'tests',
        'dead-letter-partition': '0',
        'dead-letter-offset': String(offset),
        'dead-letter-marks': marks,
      },
    });
    tail.markIncomplete('11', { topic: 'tests', partition: 0, offset: 2, headers: {} });
    await arrive(
      'dead-letters',
      letter('person', 0),
      letter('province:43', 1),
      letter('province:11', 2),
      letter('province:unknown', 3),
    );
    expect(tail.freshnessAt(0, START, []).incompleteProvinces).toEqual(['11', '43', null]);
  });
  it('is complete again once the letters are settled, without a restart', async () => {
    const { started, arrive } = exchange({});
    const tail = await started;
    const place = { topic: 'tests', partition: 0, offset: 7 };
    tail.markIncomplete('11', { ...place, headers: {} });
    const note: SettlementNote = {
      settlement: { place, through: null, as: 'discarded', by: 'Li', why: 'w' },
      at: null,
    };
    await arrive('dead-letters', { key: null, value: null, headers: noteHeaders(note) });
    expect(tail.freshnessAt(0, START, []).incompleteProvinces).toEqual([]);
  });
});

it('ends the service when nothing reads it any more, and only then', async () => {
  const { started, givenUp, crash } = exchange({});
  await started;
  crash(true);
  expect(givenUp).toEqual([]);
  crash(false);
  expect(givenUp).toEqual(['KAFKA_UNAVAILABLE']);
});

describe('whoever takes a partition over', () => {
  it('waits until this copy knows the instances and marks that the one before knew', async () => {
    const ends: Record<string, number> = {};
    const { started, arrive } = exchange(ends);
    const tail = await started;
    Object.assign(ends, { producers: 1, 'dead-letters': 1 });
    let known: unknown = null;
    const caughtUp = tail.caughtUp().then(() => {
      known = tail.freshnessAt(0, START, []);
    });
    await arrive('producers', registered('43-b'));
    expect(known).toBeNull();
    await arrive('dead-letters', {
      key: null,
      value: null,
      headers: {
        'dead-letter-topic': 'tests',
        'dead-letter-partition': '0',
        'dead-letter-offset': '4',
        'dead-letter-marks': 'province:44',
      },
    });
    await caughtUp;
    expect(known).toEqual({
      watermarks: [{ province: '43', instance: '43-b', throughMs: 0 }],
      incompleteProvinces: ['44'],
      withdrawals: [],
    });
  });
  it('isn’t kept waiting without end', async () => {
    const ends: Record<string, number> = {};
    const { started } = exchange(ends);
    const tail = await started;
    ends['watermarks'] = 1;
    await expect(tail.caughtUp()).rejects.toMatchObject({ code: 'KAFKA_UNAVAILABLE', retriable: true });
  });
});
