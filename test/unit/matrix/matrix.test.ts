/**
 * The matrix: who may do what on whose behalf. What may be is told here, in sentences; what is decided comes from the
 * code and the tables by which the parts decide. Each attempt that is refused stands beside one that is allowed.
 */

import { describe, expect, it } from 'vitest';
import { PROVINCE_CODES, type ProvinceCode } from '#core/field/regions.ts';
import { PURPOSES } from '#core/rules/purpose.ts';
import { MODES } from '#exchange/identity/caller.ts';
import { logOf } from '#exchange/topics/log.ts';
import { topicsOf } from '#exchange/topics/topics.ts';
import { ViewKeys } from '#exchange/view/keys.ts';
import { personErased, testReported } from '#exercises/town/events.ts';
import { LOG } from '#test/support/first-edition.ts';
import { asks, asksIn, erasesAll, erasesOwn, reports, retracts } from './at-doors.ts';
import { inRedis } from './in-redis.ts';
import { NEVER_ON_REGISTRY, ON_REGISTRY } from './on-registry.ts';
import * as log from './on-the-log.ts';
import { hidesByErasure, hidesByRetraction } from './on-views.ts';
import { only, type Row } from './row.ts';
import { EVERYBODY, type Who } from './who.ts';

const itself = (name: string, province: string): boolean => name === `province-${province}`;
const itselfOr =
  (...names: string[]) =>
  (name: string, province: string): boolean =>
    itself(name, province) || names.includes(name);
const anyProvince = (name: string): boolean => name.startsWith('province-');

/** Kafka asks neither its brokers nor the operator. */
const KAFKA_ITSELF = ['broker', 'operator'] as const;
const SHARED = [...logOf(1).topics, ...logOf(2).topics];
const TOPICS = [...new Set([...SHARED, ...topicsOf(logOf(1)).map(({ topic }) => topic)])];
const ALTERING = ['create', 'delete', 'alter_configs'] as const;

/** Of those who ask: the gates of a stack, whose client holds all purposes, and others. */
const EVERYWHERE = ['gate-travel', 'gate-relay', 'operator'] as const;
const single = (who: Who, destination: ProvinceCode, onBehalfOf: string | null) =>
  asks(who, { mode: 'single', destination, purpose: 'entry', onBehalfOf });

const DOORS: readonly Row[] = [
  { what: 'report at a door', of: PROVINCE_CODES, decided: reports, may: itselfOr('national', 'mllp') },
  { what: 'retract at a door', of: PROVINCE_CODES, decided: retracts, may: itselfOr('national', 'mllp') },
  { what: 'erase its own at a door', of: PROVINCE_CODES, decided: erasesOwn, may: itselfOr('national') },
  { what: 'erase what all published, at a door', of: PROVINCE_CODES, decided: erasesAll, may: only('national') },
  {
    what: 'ask for a destination',
    of: PROVINCE_CODES,
    decided: (who, of: ProvinceCode) => single(who, of, who.name === 'gate-relay' ? 'gate 7' : null),
    may: (name, of) => name === `gate-${of}` || only(...EVERYWHERE)(name),
  },
  {
    what: 'ask for others',
    of: PROVINCE_CODES,
    decided: (who, of: ProvinceCode) => single(who, of, 'gate 7'),
    may: only('gate-relay'),
  },
  {
    what: 'ask without naming others',
    of: PROVINCE_CODES,
    decided: (who, of: ProvinceCode) => single(who, of, null),
    may: (name, of) => name === `gate-${of}` || only('gate-travel', 'operator')(name),
  },
  {
    what: 'ask for a purpose',
    of: PURPOSES,
    decided: (who, purpose: (typeof PURPOSES)[number]) =>
      asks(who, { mode: 'single', destination: '44', purpose, onBehalfOf: null }),
    may: (name, of) => only('gate-44', 'gate-travel', 'operator')(name) || (name === 'gate-hotel' && of === 'hotel'),
  },
  {
    what: 'ask for all destinations at once',
    of: ['all'],
    decided: (who) => asks(who, { mode: 'single', destination: 'all', purpose: 'entry', onBehalfOf: null }),
    may: only('gate-travel', 'operator'),
  },
  {
    what: 'ask in a way',
    of: MODES,
    decided: asksIn,
    may: (name, of) =>
      ({
        single: name.startsWith('gate-') && !only('gate-many', 'gate-history', 'gate-empty')(name),
        batch: only('gate-travel', 'gate-relay', 'gate-many')(name),
        history: name === 'gate-history',
        sources: name === 'national',
      })[of] === true || name === 'operator',
  },
];

const PAST_THE_DOORS: readonly Row[] = [
  {
    what: 'append an event',
    of: PROVINCE_CODES,
    decided: (who, province: ProvinceCode) => log.appends(who, testReported({ province })),
    may: itselfOr('operator'), // who copies the log into its next edition
  },
  {
    what: 'append a retraction',
    of: PROVINCE_CODES,
    decided: (who, province: ProvinceCode) => log.appends(who, testReported({ province, status: 'retracted' })),
    may: itselfOr('operator'),
  },
  {
    what: 'append an erasure of its own',
    of: PROVINCE_CODES,
    decided: (who, province: ProvinceCode) => log.appends(who, personErased({ province, takes: 'own' })),
    may: itselfOr('operator'),
  },
  {
    what: 'append an erasure of what all published',
    of: PROVINCE_CODES,
    decided: (who, province: ProvinceCode) => log.appends(who, personErased({ province, takes: 'all' })),
    may: only('operator'),
  },
  { what: 'hide a result by a retraction', of: PROVINCE_CODES, decided: hidesByRetraction, may: itself },
  { what: 'hide a result by an erasure of its own', of: PROVINCE_CODES, decided: hidesByErasure, may: itself },
  { what: 'withdraw results', of: PROVINCE_CODES, decided: log.withdraws, may: itselfOr('national') },
  { what: 'undo a withdrawal', of: [...PROVINCE_CODES, 'national'], decided: log.undoes, may: itselfOr('national') },
  { what: 'register an instance', of: PROVINCE_CODES, decided: log.registers, may: itself },
  { what: 'write a watermark', of: PROVINCE_CODES, decided: log.writesWatermark, may: itself },
  { what: 'retire an instance', of: PROVINCE_CODES, decided: log.retires, may: only('operator') },
  { what: 'publish a key', of: PROVINCE_CODES, decided: log.publishesKey, may: only('operator') },
  { what: 'settle a person’s letter', of: ['tests'], decided: log.settles, may: only('operator') },
];

/** By topic; `province` stands for each of them. */
type ByTopic = Readonly<Record<string, readonly string[]>>;
const ofShared = (...names: string[]): ByTopic => Object.fromEntries(SHARED.map((topic) => [topic, names]));

const READERS: ByTopic = {
  ...ofShared('materialiser'),
  keys: ['province', 'national', 'lookup', 'materialiser'],
  editions: ['province', 'lookup', 'materialiser'],
  producers: ['province', 'materialiser'],
  withdrawals: ['province', 'national', 'materialiser'],
  watermarks: ['materialiser'],
  'dead-letters': ['materialiser'],
  policies: ['lookup'],
  vouchers: [],
  positions: [],
};
/** Which of it counts is told above. */
const WRITERS: ByTopic = {
  ...ofShared('province'),
  producers: ['province'],
  withdrawals: ['province', 'national'],
  watermarks: ['province'],
  vouchers: ['province'],
  'dead-letters': ['materialiser'],
  positions: ['materialiser'],
  policies: [],
  keys: [],
  editions: [],
};

const onTopics = (operation: Parameters<typeof log.onTopic>[1], byTopic: ByTopic): Row[] =>
  Object.entries(byTopic).map(([topic, names]) => ({
    what: `${operation} ${topic}`,
    of: [topic],
    decided: (who: Who, name: string) => log.onTopic(who, operation, name),
    may: (name) => only(...KAFKA_ITSELF, ...names)(name) || (names.includes('province') && anyProvince(name)),
  }));

const NOBODY_ELSE: ByTopic = Object.fromEntries(TOPICS.map((topic) => [topic, []]));
const ON_KAFKA: readonly Row[] = [
  ...onTopics('read', READERS),
  ...onTopics('write', WRITERS),
  ...ALTERING.flatMap((operation) => onTopics(operation, NOBODY_ELSE)),
];

const KEYS = new ViewKeys(LOG);
const VIEWS = {
  view: KEYS.view(1, 0, Buffer.alloc(16, 7)),
  position: KEYS.position(1, 0),
  freshness: KEYS.freshness(1, 0),
  live: KEYS.live(0),
  counts: KEYS.counts(1, 0),
  sightings: KEYS.sightings(1, 0),
  timings: KEYS.timings(0),
} as const;
type InRedis = keyof typeof VIEWS;
const LIMIT = 'limits:requests:gate-44:1';

const IN_REDIS: readonly Row[] = [
  {
    what: 'read',
    of: Object.keys(VIEWS),
    decided: (who, of: InRedis) => inRedis(who, { name: 'mget', key: VIEWS[of] }),
    may: only('lookup', 'materialiser', 'operator'),
  },
  {
    what: 'write',
    of: Object.keys(VIEWS),
    decided: (who, of: InRedis) => inRedis(who, { name: 'set', key: VIEWS[of], does: 'writes' }),
    may: only('materialiser', 'operator'),
  },
  {
    what: 'remove',
    of: Object.keys(VIEWS),
    decided: (who, of: InRedis) => inRedis(who, { name: 'del', key: VIEWS[of], does: 'writes' }),
    may: only('operator'),
  },
  {
    what: 'count what callers ask',
    of: [LIMIT],
    decided: (who, key: string) => inRedis(who, { name: 'incrby', key, does: 'writes' }),
    may: only('lookup', 'operator'),
  },
  {
    what: 'list keys, change users, settings or scripts',
    of: ['scan', 'acl', 'config', 'function', 'shutdown'],
    decided: (who, name: string) => inRedis(who, { name }),
    may: only('operator'),
  },
  {
    what: 'copy all, as a replica',
    of: ['psync', 'replconf'],
    decided: (who, name: string) => inRedis(who, { name }),
    may: only('redis', 'operator'),
  },
];

interface Differences {
  readonly allowed: readonly string[];
  readonly refused: readonly string[];
}

/** What is decided otherwise than it may be. */
async function differencesOf({ of, decided, may }: Row): Promise<Differences> {
  const differences = { allowed: [] as string[], refused: [] as string[] };
  for (const who of EVERYBODY)
    for (const each of of) {
      const isAllowed = await decided(who, each as never);
      if (isAllowed !== may(who.name, each))
        differences[isAllowed ? 'allowed' : 'refused'].push(`${who.name}: ${each}`);
    }
  return differences;
}

const ROWS = { DOORS, PAST_THE_DOORS, ON_KAFKA, IN_REDIS, ON_REGISTRY };
const NONE: Differences = { allowed: [], refused: [] };

describe.each(Object.entries(ROWS))('%s', (_where, rows) => {
  it.each(rows)('$what', async (row) => {
    expect(await differencesOf(row)).toEqual(NONE);
  });
  it.each(rows)('$what: each refused attempt has a twin that passes', ({ of, may }) => {
    for (const each of of) {
      const allowed = EVERYBODY.filter(({ name }) => may(name, each));
      expect([each, allowed.length > 0, allowed.length < EVERYBODY.length]).toEqual([each, true, true]);
    }
  });
});

describe('nobody', () => {
  it('empties Redis, not even who may do all else there', () => {
    const may = (name: string) => EVERYBODY.filter((who) => inRedis(who, { name })).map(({ name: who }) => who);
    expect([may('flushall'), may('flushdb')]).toEqual([[], []]);
    expect(may('ping')).toEqual(['redis', 'materialiser', 'lookup', 'operator']);
  });
  it.each(NEVER_ON_REGISTRY)('%s: not the operator either', (_what, does) => {
    expect(EVERYBODY.filter(does)).toEqual([]);
  });
  it('without a certificate or a token does anything', async () => {
    const nobody = EVERYBODY.find(({ name }) => name === 'nobody') as Who;
    for (const { of, decided } of Object.values(ROWS).flat())
      for (const each of of) expect(await decided(nobody, each as never)).toBe(false);
  });
});

describe('the matrix', () => {
  it('tells of each topic who reads it and who writes to it', () => {
    for (const byTopic of [READERS, WRITERS]) expect(Object.keys(byTopic).sort()).toEqual(TOPICS.toSorted());
  });
  it('is held against everybody, all pairs of provinces among them', () => {
    expect(EVERYBODY.filter(({ name }) => anyProvince(name))).toHaveLength(32);
    const attempts = Object.values(ROWS)
      .flat()
      .reduce((sum, { of }) => sum + of.length * EVERYBODY.length, 0);
    expect(attempts).toBeGreaterThan(40_000);
  });
  it.each([true, false])('notices a door that decides everything alike: %s', async (answer) => {
    for (const row of Object.values(ROWS).flat()) {
      const { allowed, refused } = await differencesOf({ ...row, decided: () => answer });
      expect([row.what, answer ? allowed.length > 0 : refused.length > 0]).toEqual([row.what, true]);
    }
  });
});
