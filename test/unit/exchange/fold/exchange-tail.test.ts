/**
 * What a copy knows of the whole exchange: it knows all instances before it is asked, and an odd record stops nothing.
 */

import { describe, expect, it } from 'vitest';
import { ExchangeTail } from '#exchange/fold/exchange-tail.ts';
import { signatureHeaders } from '#exchange/keys/signatures.ts';
import { noteHeaders, type SettlementNote } from '#exchange/topics/letters.ts';
import { type SignatureCheck, UNSIGNED } from '#exchange/topics/public-keys.ts';
import { encodeValue } from '#exchange/topics/records.ts';
import type { SchemaSource } from '#exchange/topics/registry.ts';
import type { Admin, Kafka } from '#platform/kafka/client.ts';
import { LOG } from '#test/support/first-edition.ts';
import { publishedKeys, signingKey } from '#test/support/keys.ts';
import { SCHEMA_IDS, schemaSource, SILENT, turns } from '#test/unit/platform/kafka/support.ts';
import { START, unavailable } from './support.ts';

interface Message {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: Record<string, string | Buffer>;
  readonly timestamp?: string;
}

const registered = (instance: string, epoch = 0): Message => ({
  key: Buffer.from(instance),
  value: encodeValue('ProducerRegistered', SCHEMA_IDS.ProducerRegistered, {
    province: instance.slice(0, 2),
    instance,
    epoch,
    process: '',
  }),
});
const retired = (instance: string, timestamp = '0'): Message => ({
  key: Buffer.from(instance),
  value: encodeValue('ProducerRetired', SCHEMA_IDS.ProducerRetired, { instance, epoch: 0, by: 'li', why: 'gone' }),
  timestamp,
});
const watermark = (instance: string, throughMs: number, nextOffset = 0, epoch = 0, claims = {}): Message => ({
  key: Buffer.from(instance),
  value: encodeValue('Watermark', SCHEMA_IDS.Watermark, {
    province: instance.slice(0, 2),
    instance,
    throughMs,
    epoch,
    offsets: [{ topic: 'tests', nextOffsets: [nextOffset] }],
    ...claims,
  }),
});

const OWN_CLOCK_MS = 10_000_000;

/** The three small topics; `ends` are what they hold when the tail starts, beginning at offset 0. */
function exchange(
  ends: Record<string, number>,
  schemas: SchemaSource = schemaSource(),
  signatures: SignatureCheck = UNSIGNED,
) {
  let eachBatch: (payload: object) => Promise<void> = async () => undefined;
  const next: Record<string, number> = {};
  let crash: (event: object) => void = () => undefined;
  const givenUp: string[] = [];
  const consumer = {
    events: { CRASH: 'consumer.crash' },
    on: (_event: string, tell: typeof crash) => void (crash = tell),
    connect: async () => undefined,
    subscribe: async () => undefined,
    disconnect: async () => undefined,
    run: async (config: { eachBatch: typeof eachBatch }) => void (eachBatch = config.eachBatch),
  };
  const kafka = { consumer: () => consumer } as unknown as Kafka;
  const admin = {
    fetchTopicOffsets: async (topic: string) => [{ partition: 0, low: '0', high: String(ends[topic] ?? 0) }],
  } as unknown as Admin;
  let tail: ExchangeTail | null = null;
  const started = ExchangeTail.start({
    log: LOG,
    kafka,
    admin,
    schemas,
    signatures,
    groupId: 'group',
    logger: SILENT,
    sleep: () => turns(1),
    now: () => OWN_CLOCK_MS,
    onFatal: ({ code }) => void givenUp.push(code),
  }).then((running) => {
    tail = running.tail;
    return running.tail;
  });
  return {
    started,
    isStarted: () => tail !== null,
    givenUp,
    crash: (restart: boolean) => crash({ payload: { restart, error: new Error('away') } }),
    arrive: async (topic: string, ...messages: Message[]) => {
      await turns();
      const first = next[topic] ?? 0;
      next[topic] = first + messages.length;
      await eachBatch({
        batch: {
          topic,
          lastOffset: () => String(first + messages.length - 1),
          messages: messages.map((message, index) => ({ timestamp: '1', ...message, offset: String(first + index) })),
        },
      });
      await turns();
    },
  };
}

const throughOf = (tail: ExchangeTail) =>
  Object.fromEntries(tail.freshnessAt(0, START, []).watermarks.map(({ instance, throughMs }) => [instance, throughMs]));

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

describe('a watermark that claims', () => {
  const claiming = (throughMs: number, sequence: number, full: number, at = OWN_CLOCK_MS): Message => ({
    ...watermark('43-a', throughMs, 0, 1, { sequence, full, heads: [] }),
    timestamp: String(at),
  });
  it('is taken once the full one on which it builds is there', async () => {
    const { started, arrive } = exchange({});
    const tail = await started;
    await arrive('watermarks', claiming(500, 2, 1));
    expect(throughOf(tail)).toEqual({ '43-a': 0 });
    await arrive('watermarks', claiming(600, 3, 3), claiming(700, 4, 3));
    expect(throughOf(tail)).toEqual({ '43-a': 700 });
    await arrive('watermarks', claiming(800, 6, 5));
    expect(throughOf(tail)).toEqual({ '43-a': 700 });
  });
  it('and is old at the start is passed over unless it is full, for no signature of an hour’s is checked', async () => {
    const { started, arrive } = exchange({ watermarks: 4 });
    const old = OWN_CLOCK_MS - 200_000;
    await arrive('watermarks', claiming(500, 1, 1, old), claiming(600, 2, 1, old));
    await arrive('watermarks', claiming(700, 3, 3, old), claiming(800, 4, 3, old));
    const tail = await started;
    expect(throughOf(tail)).toEqual({ '43-a': 700 });
    await arrive('watermarks', claiming(900, 5, 3, old));
    expect(throughOf(tail)).toEqual({ '43-a': 900 });
  });
  it('under another’s signature claims nothing, and makes nobody behind', async () => {
    const { started, arrive } = exchange({}, schemaSource(), publishedKeys());
    const tail = await started;
    const sign = (message: Message, principal: string): Message => ({
      ...message,
      headers: signatureHeaders(signingKey(principal), message),
    });
    await arrive('watermarks', sign(claiming(500, 1, 1), 'province-44'), claiming(500, 1, 1));
    await arrive('producers', sign(registered('43-a', 9), 'province-44'), registered('43-a', 9));
    expect(throughOf(tail)).toEqual({});
    await arrive('watermarks', sign(claiming(500, 1, 1), 'province-43'));
    expect(throughOf(tail)).toEqual({ '43-a': 500 });
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
    tail.markIncomplete('11', { topic: 'tests', partition: 0, offset: 2 });
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
    tail.markIncomplete('11', place);
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
