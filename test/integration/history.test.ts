/**
 * The log holds what a rebuild needs: a shared topic that would drop any of it stops a service from starting, and a
 * registry that has lost its schemas is an outage.
 */

import { isDeepStrictEqual } from 'node:util';
import kafkajs from 'kafkajs';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { keepsAllFaults } from '#exchange/topics/keeps-all.ts';
import { RegistrySchemas } from '#exchange/topics/registry.ts';
import { type Exchange, until } from '#exercises/oracle/exchange.ts';
import { newPerson, testReportedJson } from '#exercises/town/door-events.ts';
import { operatorRegistry } from '#infra/stack/identities.ts';
import type { Admin } from '#platform/kafka/client.ts';
import { startExchange } from '#test/support/exchange.ts';
import { LOG } from '#test/support/first-edition.ts';
import { runHutong } from '#test/support/hutong.ts';

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

test('a registry that has lost its schemas gets them back under their ids, and every record can be read', async () => {
  const { stack } = exchange;
  const idsNow = () => new RegistrySchemas(operatorRegistry(stack)).currentIds();
  await stack.startService({ kind: 'producer', name: 'a' });
  await stack.startService({ kind: 'materialiser', name: '1' });
  const people = Array.from({ length: 20 }, newPerson);
  const sendAll = async (to: string) =>
    expect(
      (
        await exchange.send(
          people.map((person) => testReportedJson(person)),
          to,
        )
      ).body.accepted,
    ).toBe(people.length);
  await sendAll('a');
  await exchange.caughtUp();
  const ids = await idsNow();

  onTestFinished(() => exchange.revive('registry'));
  await stack.kill('registry');
  await admin.deleteTopics({ topics: ['_schemas'] });
  await stack.restart('registry');
  await expect(idsNow()).rejects.toThrow(/is not registered in this version/);
  await sendAll('a'); // who runs goes on
  await exchange.caughtUp();
  const lacking = await runHutong(exchange, 'schemas', 'list');
  expect([lacking.status, lacking.output]).toEqual([1, expect.stringMatching(/TestReported v\d .* lacks it/)]);

  const restored = await runHutong(exchange, 'schemas', 'restore');
  expect([restored.status, restored.output]).toEqual([0, expect.stringContaining('schemas were brought back')]);
  expect(await idsNow()).toMatchObject({ TestReported: ids.TestReported, Watermark: ids.Watermark });
  expect((await runHutong(exchange, 'schemas', 'list')).status).toBe(0);
  expect((await runHutong(exchange, 'view', 'verify')).output).toMatch(/All 20 people have the same view/);
  await stack.startService({ kind: 'producer', name: 'b', env: { HUTONG_INSTANCE: 'b' } });
  await sendAll('b');
});
