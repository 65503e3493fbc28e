/** What the environment and the command line say about a stack. */

import { expect, it } from 'vitest';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { readSettings } from '#infra/process/settings.ts';
import { parseProducers } from '#infra/stack/services.ts';
import { ROOT } from '#platform/folders.ts';

it('keeps apart what it decides itself and what it passes on to the services', () => {
  const settings = readSettings({
    HUTONG_KAFKA: 'k:1',
    HUTONG_REGISTRY: 'http://r/',
    HUTONG_REDIS_PORT: '7000',
    HUTONG_LOG_LEVEL: 'debug',
    HUTONG_STACK: 'x',
    PATH: '/bin',
  });
  expect(settings.servers).toEqual({ kafka: 'k:1', registry: 'http://r' });
  expect(settings.ports).toEqual({ HUTONG_REDIS_PORT: 7000 });
  expect(settings.passedOn).toEqual({ HUTONG_LOG_LEVEL: 'debug' });
  expect(settings).toMatchObject({
    runDir: `${ROOT}/.run`,
    cacheDir: `${ROOT}/.cache`,
    keepData: false,
    partitions: 8,
  });
});

it('takes the topology from CLUSTER', () => {
  expect(readSettings({}).topology).toBe('single');
  expect(readSettings({ CLUSTER: '1' }).topology).toBe('cluster');
});

it('names a setting that can not be used', () => {
  expect(() => readSettings({ HUTONG_KAFKA_PORT: '70000' })).toThrow('HUTONG_KAFKA_PORT=70000');
  expect(() => readSettings({ HUTONG_PARTITIONS: 'many' })).toThrow('HUTONG_PARTITIONS=many');
});

it('shares the provinces among a number of producer processes, each to exactly one', () => {
  const producers = parseProducers('5', PROVINCE_CODES);
  expect(producers).toHaveLength(5);
  expect(producers.flatMap(({ provinces }) => provinces).toSorted()).toEqual([...PROVINCE_CODES].toSorted());
});

it('takes producers by name and codes, and refuses what it does not understand', () => {
  expect(parseProducers('a=11,12;b=43', PROVINCE_CODES)).toEqual([
    { name: 'a', provinces: ['11', '12'] },
    { name: 'b', provinces: ['43'] },
  ]);
  for (const text of ['a', 'a=', 'a=99', 'A b=11', '33'])
    expect(() => parseProducers(text, PROVINCE_CODES), text).toThrow(RangeError);
});
