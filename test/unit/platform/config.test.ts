/** The environment: defaults, bounds, and a refusal that names the setting, says what it is, and repeats no secret. */

import { describe, expect, it } from 'vitest';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { readConfig } from '#platform/config.ts';
import type { HutongError } from '#platform/errors.ts';
import { requireIssuer, requireSecrets } from '#platform/required-settings.ts';

const SECRET = 'ab'.repeat(32);

function refusalOf(environment: Record<string, string>): HutongError {
  try {
    readConfig(environment);
  } catch (error) {
    return error as HutongError;
  }
  throw new Error(`${JSON.stringify(environment)} was taken`);
}

describe('the defaults', () => {
  it('are those of one machine, with every province and no secret', () => {
    const { policiesDir, ...config } = readConfig({});
    expect(config).toEqual({
      kafkaBrokers: ['127.0.0.1:9092'],
      registryUrl: 'http://127.0.0.1:8080/apis/ccompat/v7',
      redis: [{ host: '127.0.0.1', port: 6379 }],
      tls: {
        ca: '.run/pki/ca.crt',
        cert: '.run/pki/{principal}.pem',
        key: '.run/pki/{principal}.pem',
        password: '.run/pki/{principal}.password',
      },
      partitions: 8,
      logEdition: 1,
      personKeySecrets: [],
      keysDir: '.run/keys',
      provinces: PROVINCE_CODES,
      hosts: ['localhost', '127.0.0.1', '[::1]'],
      tokens: { issuer: '', audience: 'urn:hutong:exchange', issuerKeysBoundMs: 3_600_000 },
      instanceName: 'a',
      callerLimits: { requestsPerMinute: 6_000, peoplePerHour: 20_000, neighboursPerHour: 20, sharers: 2 },
      intake: { host: '127.0.0.1', port: 0 },
      lookupPort: 0,
      materialiserPort: 0,
      queueEventsMax: 50_000,
      acceptTimeoutMs: 10_000,
      sendersDir: '.run/senders',
      mllp: { host: '127.0.0.1', port: 0, watchPort: 0 },
      doorUrl: '',
      clientFile: '.run/clients/{principal}.json',
      clockSkewMs: 300_000,
      commitEventsMax: 1_000,
      consumerGroup: 'materialiser',
      rulesSightBoundMs: 60_000,
      sessionTimeoutMs: 10_000,
      lookupInFlightMax: 1_024,
      lookupLoopDelayMs: 100,
      lookupTimeLimitMs: 1_000,
      logLevel: 'info',
    });
    expect(policiesDir).toMatch(/\/policies$/);
  });
  it('let through what is set, and mind nothing else in the environment', () => {
    const config = readConfig({
      PATH: '/bin',
      HUTONG_KAFKA: 'a:1,b:2',
      HUTONG_REGISTRY: 'https://r/apis/',
      HUTONG_PROVINCES: '43,66',
      HUTONG_PERSON_KEY_SECRETS: `${SECRET},${'CD'.repeat(40)}`,
      HUTONG_INTAKE_PORT: '65535',
      HUTONG_CLOCK_SKEW_MS: '0',
    });
    expect(config).toMatchObject({
      kafkaBrokers: ['a:1', 'b:2'],
      registryUrl: 'https://r/apis',
      provinces: ['43', '66'],
      intake: { port: 65_535 },
      clockSkewMs: 0,
    });
    expect(config.personKeySecrets.map(({ length }) => length)).toEqual([32, 40]);
  });
});

const BOUNDS: Readonly<Record<string, readonly [min: number, max: number]>> = {
  HUTONG_PARTITIONS: [1, 1_024],
  HUTONG_LOG_EDITION: [1, 9_999],
  HUTONG_INTAKE_PORT: [0, 65_535],
  HUTONG_LOOKUP_PORT: [0, 65_535],
  HUTONG_MATERIALISER_PORT: [0, 65_535],
  HUTONG_QUEUE_EVENTS_MAX: [1, 1_000_000],
  HUTONG_ACCEPT_TIMEOUT_MS: [100, 120_000],
  HUTONG_CLOCK_SKEW_MS: [0, 3_600_000],
  HUTONG_COMMIT_EVENTS_MAX: [1, 10_000],
  HUTONG_SESSION_TIMEOUT_MS: [6_000, 300_000],
  HUTONG_RULES_SIGHT_BOUND_MS: [2_000, 3_600_000],
};
const UNUSABLE: readonly (readonly [name: string, value: string])[] = [
  ...Object.entries(BOUNDS).flatMap(([name, [min, max]]) =>
    [String(min - 1), String(max + 1), 'many', '1.5', ''].map((value) => [name, value] as const),
  ),
  ['HUTONG_KAFKA', 'localhost'],
  ['HUTONG_KAFKA', 'a:1,'],
  ['HUTONG_REGISTRY', 'registry:8080'],
  ['HUTONG_REDIS', 'localhost'],
  ['HUTONG_REDIS', 'a:1,'],
  ['HUTONG_PROVINCES', '43,99'],
  ['HUTONG_PROVINCES', '43 44'],
  ['HUTONG_PROVINCES', '43,44,43'],
  ['HUTONG_INSTANCE', 'A'],
  ['HUTONG_INSTANCE', ''],
  ['HUTONG_INSTANCE', 'a-b'],
  ['HUTONG_CONSUMER_GROUP', ''],
  ['HUTONG_LOG_LEVEL', 'loud'],
  ['HUTONG_PERSON_KEY_SECRETS', 'ab'.repeat(31)],
  ['HUTONG_PERSON_KEY_SECRETS', `${SECRET}a`],
  ['HUTONG_PERSON_KEY_SECRETS', `${SECRET},not hex at all`],
];

describe('a setting that can’t be used', () => {
  it.each(UNUSABLE)('is refused by name: %s=%s', (name, value) => {
    const refusal = refusalOf({ [name]: value });
    expect(refusal).toMatchObject({ code: 'CONFIG_INVALID', retriable: false });
    expect(refusal.message).toMatch(new RegExp(`^${name}: `));
    expect(refusal.hint).toMatch(new RegExp(`^${name} is: .{4,}`));
  });
  it.each(Object.entries(BOUNDS))('stands at its bounds: %s', (name, bounds) => {
    for (const value of bounds) expect(() => readConfig({ [name]: String(value) })).not.toThrow();
  });
  it('is never repeated where it may be a secret', () => {
    for (const secret of ['deadbeefcanary', `${SECRET},deadbeefcanary`, 'DEADBEEFCANARY']) {
      const { message, hint, cause } = refusalOf({ HUTONG_PERSON_KEY_SECRETS: secret });
      expect(`${message} ${hint} ${String(cause)}`.toLowerCase()).not.toContain('canary');
    }
  });
});

describe('a service that needs a secret', () => {
  it('does not start without one', () => {
    expect(() => requireSecrets(readConfig({}))).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: 'HUTONG_PERSON_KEY_SECRETS: is not set' }) as Error,
    );
    expect(requireSecrets(readConfig({ HUTONG_PERSON_KEY_SECRETS: SECRET }))).toEqual([Buffer.from(SECRET, 'hex')]);
  });
});

describe('the issuer of tokens', () => {
  const issuerOf = (HUTONG_ISSUER: string) => requireIssuer(readConfig({ HUTONG_ISSUER })).issuer;
  it.each(['https://issuer.example/realms/hutong', 'http://127.0.0.1:4011', 'http://localhost', 'http://[::1]:1'])(
    'may be %s',
    (url) => {
      expect(issuerOf(url)).toBe(url);
    },
  );
  it.each(['', 'http://issuer.example', 'http://127.0.0.1.example', 'http://'])('may not be "%s"', (url) => {
    expect(() => issuerOf(url)).toThrow(/HUTONG_ISSUER/);
  });
  it('is no other kind of address', () => {
    expect(() => readConfig({ HUTONG_ISSUER: 'file:///etc/passwd' })).toThrow(/HUTONG_ISSUER/);
  });
});
