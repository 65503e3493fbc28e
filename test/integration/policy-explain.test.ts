/**
 * `hutong policy explain` for a real person: found by document, with what is on record, how fresh that is, and the
 * timeline.
 */

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { DAY_MS, formatTime, HOUR_MS } from '#core/field/time.ts';
import { type Exchange, until } from '#exercises/oracle/exchange.ts';
import {
  codeAssignedJson,
  exposureRecordedJson,
  newPerson,
  samplingRecordedJson,
  testReportedJson,
  vaccinationJson,
} from '#exercises/town/door-events.ts';
import { readConfig } from '#platform/config.ts';
import { policyCommand } from '#services/cli/policy/command.ts';
import { startExchange } from '#test/support/exchange.ts';
import { LOG } from '#test/support/first-edition.ts';
import { policiesWithoutTheEnd } from '#test/support/policies.ts';

let exchange: Exchange;
const policies = policiesWithoutTheEnd();

beforeAll(async () => {
  const mine = PROVINCE_CODES.filter((code) => code !== '63');
  exchange = await startExchange({
    services: [
      { kind: 'producer', name: 'a', provinces: mine },
      { kind: 'materialiser', name: '1' },
    ],
  });
  await until('the exchange isn’t behind any more', async () =>
    (await explain(JSON.stringify(newPerson()), {}, '44')).said.includes('Data as of'),
  );
});

afterAll(async () => {
  await exchange?.stop();
  rmSync(policies, { recursive: true, force: true });
});

afterEach(() => {
  process.exitCode = undefined;
});

async function explain(
  input: string,
  environment: NodeJS.ProcessEnv,
  ...args: readonly string[]
): Promise<{ readonly status: number; readonly said: string }> {
  const said: string[] = [];
  const config = () => readConfig({ HUTONG_PARTITIONS: String(exchange.partitions), ...environment });
  await policyCommand(LOG, (text) => void said.push(text), { input: Readable.from([input]), config }).parseAsync(
    [
      'explain',
      ...args,
      ...(args.includes('--person-key') ? [] : ['--person']),
      '--run-dir',
      exchange.stack.runDir,
      '--policies',
      policies,
    ],
    { from: 'user' },
  );
  return { status: Number(process.exitCode ?? 0), said: said.join('\n') };
}

test('a person by document: all that is on record, how fresh it is, and what a gate would be told when', async () => {
  const person = newPerson();
  const nowMs = Date.now();
  const red = codeAssignedJson(person, { state: 'red', reason: 'close_contact' });
  const { body } = await exchange.send([
    testReportedJson(person),
    samplingRecordedJson(person),
    vaccinationJson(person),
    red,
    exposureRecordedJson(person, { riskArea: '330106', to: formatTime(nowMs - DAY_MS) }),
  ]);
  expect(body.accepted).toBe(5);
  await exchange.caughtUp();
  const { status, said } = await explain(JSON.stringify(person), {}, '44', '--purpose', 'entry');
  expect(status).toBe(0);
  expect(said).toContain('Recognises: a negative result within');
  expect(said).toMatch(/Read at \S+ \S+ \(Beijing time\), partition \d, up to .*codes \d+/);
  expect(said).toContain('Behind: Qinghai (nothing of it was ever seen).');
  for (const row of [
    /test .*Hunan .*negative, nucleic acid .*final/,
    /sampling .*Zhejiang/,
    /dose .*CoronaVac, dose 1 .*2021-05-01/,
    /code .*Hunan .*red, close contact/,
    /exposure .*Zhejiang .*330106, high risk/,
  ])
    expect(said).toMatch(row);
  expect(said).toContain('In force: red by Hunan, which Hunan alone may clear.');
  expect(said).toContain('Recognised: a negative result from Hunan');
  // Before its report nothing, and no plain no while Qinghai is behind; then recognised; then run out.
  expect(said).toMatch(
    /undetermined .*province behind[^]*recognised .*negative result[^]*undetermined .*province behind/,
  );
  const key = exchange.keyOf(person).toString('hex');
  for (const secret of [person.documentNumber, key]) expect(said).not.toContain(secret);
  const byKey = await explain('', {}, '44', '--purpose', 'entry', '--person-key', key);
  const since = (text: string): string => text.slice(text.indexOf('on record'));
  expect(since(byKey.said)).toBe(since(said));
});

test('a statement changes what is answered, and a stay on record needs none', async () => {
  const person = newPerson();
  await exchange.send([
    exposureRecordedJson(person, {
      province: '65',
      riskArea: '650102',
      level: 'medium',
      to: formatTime(Date.now() - 2 * HOUR_MS),
    }),
  ]);
  await exchange.caughtUp();
  const occasion = join(exchange.stack.runDir, 'occasion.json');
  writeFileSync(occasion, JSON.stringify({ visits: [] }));
  const { said } = await explain(JSON.stringify(person), {}, '65', '--occasion', occasion);
  // Exempt before the stay and a fortnight after it, by what the person says; not while the record says otherwise.
  expect(said).toMatch(/recognised .*low_risk[^]*undetermined .*province behind[^]*recognised .*low_risk/);
  const nobody = await explain(JSON.stringify(newPerson()), {}, '65');
  expect(nobody.said).toContain('Nothing of this person is on record.');
});

test('a wrong number of partitions is noticed, and doesn’t hide the person', async () => {
  await until(
    'all partitions have a position',
    async () => (await exchange.position(exchange.partitions - 1)) !== null,
  );
  for (const partitions of [exchange.partitions - 1, exchange.partitions + 1]) {
    expect(await explain(JSON.stringify(newPerson()), { HUTONG_PARTITIONS: String(partitions) }, '44')).toMatchObject({
      status: 1,
      said: expect.stringContaining('set HUTONG_PARTITIONS') as string,
    });
  }
});

test('Redis away: says so', async () => {
  expect(await explain('', {}, '44', '--person-key', 'ab'.repeat(16), '--redis', '127.0.0.1:1')).toMatchObject({
    status: 1,
    said: expect.stringContaining('redis at 127.0.0.1:1 did not answer') as string,
  });
});
