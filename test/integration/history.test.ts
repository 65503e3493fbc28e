/** The log holds what a rebuild needs: a shared topic that would drop any of it stops a service from starting. */

import { isDeepStrictEqual } from 'node:util';
import kafkajs from 'kafkajs';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { keepsAllFaults } from '#exchange/topics/keeps-all.ts';
import { type Exchange, until } from '#exercises/oracle/exchange.ts';
import type { Admin } from '#platform/kafka/client.ts';
import { startExchange } from '#test/support/exchange.ts';
import { LOG } from '#test/support/first-edition.ts';

let exchange: Exchange;
let admin: Admin;

beforeAll(async () => {
  // A broker that drops by default must not matter: the topics say otherwise themselves.
  exchange = await startExchange({
    ownLog: true,
    services: [],
    kafkaProperties: { 'log.retention.hours': '1', 'log.retention.bytes': '1048576' },
  });
  admin = exchange.kafka.admin();
  await admin.connect();
});

afterAll(async () => {
  await admin?.disconnect();
  await exchange?.stop();
});

/** Resolves when the broker says so too: it answers before it has taken them. */
async function set(topic: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const wanted = {
    'message.timestamp.type': 'LogAppendTime',
    'cleanup.policy': 'delete',
    'retention.ms': '-1',
    'retention.bytes': '-1',
    ...settings,
  };
  const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name: topic };
  const configEntries = Object.entries(wanted).map(([name, value]) => ({ name, value }));
  await admin.alterConfigs({ validateOnly: false, resources: [{ ...resource, configEntries }] });
  await until(`the broker has the settings of ${topic}`, async () => {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ ...resource, configNames: Object.keys(wanted) }],
    });
    const found = resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]);
    return isDeepStrictEqual(Object.fromEntries(found ?? []), wanted);
  });
}

test('the topics as they are made keep everything, on a broker that would not', async () => {
  expect(await keepsAllFaults(admin, LOG)).toEqual([]);
});

test.each([
  ['tests', 'retention.ms', '1209600000'],
  ['vaccinations', 'cleanup.policy', 'compact'],
  ['codes', 'retention.bytes', '1073741824'],
])('%s with %s=%s stops a materialiser and a producer from starting, with the mend', async (topic, name, value) => {
  onTestFinished(() => set(topic, {}));
  await set(topic, { [name]: value });
  expect(await keepsAllFaults(admin, LOG)).toEqual([`${topic} ${name}=${value}`]);
  await expect(exchange.stack.startService({ kind: 'materialiser', name: `m${topic}` })).rejects.toThrow(
    `${topic} ${name}=${value}`,
  );
  await expect(exchange.stack.startService({ kind: 'producer', name: `p${topic}` })).rejects.toThrow(
    `${topic} ${name}=${value}`,
  );
  await set(topic, {});
  expect(await keepsAllFaults(admin, LOG)).toEqual([]);
});
