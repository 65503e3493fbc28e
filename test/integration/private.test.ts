/** Guarantee *Private*: canary numbers and names go in by every door, and are looked for wherever anything is kept. */

import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Exchange } from '#exercises/oracle/exchange.ts';
import { readTopics } from '#exercises/oracle/raw-log.ts';
import { newPerson, testReportedJson } from '#exercises/town/door-events.ts';
import { ROOT } from '#platform/folders.ts';
import { startExchange } from '#test/support/exchange.ts';

const NUMBERS = ['110105194912310021', 'CANARYPASSPORT77', 'QX4455667'];
const NAMES = ['Kanarienvogel', '金丝雀'];
let exchange: Exchange;
const spoken: string[] = [];
let documentNumber: string;

beforeAll(async () => {
  exchange = await startExchange({
    services: [
      { kind: 'producer', name: 'p' },
      { kind: 'materialiser', name: '1' },
      { kind: 'lookup', name: '1' },
    ],
    env: { HUTONG_LOG_LEVEL: 'debug' },
  });
});

afterAll(async () => {
  await exchange?.stop();
});

async function post(url: string, body: string, contentType = 'application/json'): Promise<void> {
  const client = url.endsWith('/v1/events') ? 'national' : 'operator';
  const headers = { ...(await exchange.as(client)), 'content-type': contentType };
  const response = await fetch(url, { method: 'POST', headers, body });
  spoken.push(await response.text());
}

async function hutongImport(file: string): Promise<void> {
  const args = [
    join(ROOT, 'services/cli/hutong.ts'),
    'import',
    file,
    '--run-dir',
    exchange.stack.runDir,
    '--to',
    exchange.stack.addresses.intake ?? '',
    '--province',
    '43',
    '--document-type',
    'passport',
    '--issuing-country',
    'USA',
  ];
  const child = spawn(process.execPath, args);
  onTestFinished(() => void child.kill('SIGKILL'));
  child.stdout.on('data', (data: Buffer) => spoken.push(data.toString()));
  child.stderr.on('data', (data: Buffer) => spoken.push(data.toString()));
  await new Promise((resolve) => child.on('close', resolve));
}

test('canary numbers and names reach no answer, topic, Redis key or value, log or metric', async () => {
  const person = newPerson();
  documentNumber = person.documentNumber;
  const events = `${exchange.stack.addresses.intake}/v1/events`;
  const passport = { documentType: 'passport', issuingCountry: 'USA', documentNumber: 'canary-passport-77' };
  const good = [testReportedJson(person), testReportedJson(passport as never)];
  await post(events, JSON.stringify(good));
  await post(events, JSON.stringify(NUMBERS.map((number) => testReportedJson({ ...person, documentNumber: number }))));
  await post(
    events,
    JSON.stringify([
      { ...good[0], name: NAMES[0] },
      { ...good[0], [NAMES[1] as string]: 1 },
      { ...good[0], person: { ...person, name: NAMES[0] } },
    ]),
  );
  await post(events, `{"documentNumber": "${NUMBERS[0]}", ${NAMES[0]}`);
  await post(events, `{"documentNumber": "${NUMBERS[0]}", ${NAMES[0]}\n`, 'application/x-ndjson');
  for (const documentType of ['resident_identity_card', 'hong_kong_macao_permit', 'taiwan_permit'])
    await post(events, JSON.stringify([testReportedJson({ documentType, documentNumber: NUMBERS[2] } as never)]));

  const sample = readFileSync(join(ROOT, 'exercises/town/lab-results/hl7/sample_AL_20240624-0001.hl7'), 'utf8');
  const feed = join(exchange.stack.runDir, 'feed.hl7');
  writeFileSync(
    feed,
    [sample, sample.replace(/OBR\|1.*/, 'OBR|broken')]
      .join('\n')
      .replaceAll('Granger^Hermione', `${NAMES[0]}^${NAMES[1]}`)
      .replaceAll('7c0d1de9-270e-4d9c-a4ec-af92560cec67', NUMBERS[1] as string),
  );
  await hutongImport(feed);

  const recognitions = `${exchange.stack.addresses.lookup}/v1/recognitions`;
  const question = {
    destination: '44',
    purpose: 'public_place',
    person,
    authorisation: { consent: 'yes' },
  };
  await post(recognitions, JSON.stringify(question));
  for (const number of NUMBERS)
    await post(recognitions, JSON.stringify({ ...question, person: { ...person, documentNumber: number } }));
  await post(recognitions, JSON.stringify({ ...question, person: { ...person, documentNumber: 7, name: NAMES[0] } }));
  await exchange.caughtUp();
  onTestFinished(() => exchange.revive('redis'));
  await exchange.stack.kill('redis');
  await post(recognitions, JSON.stringify(question));
  await exchange.stack.restart('redis');
  await exchange.caughtUp();

  const places: Record<string, string> = {
    answers: spoken.join('\n'),
    logs: logsOf(),
    metrics: await metricsOf(),
    topics: await topicsOf(),
    redis: await redisOf(),
  };
  for (const [place, text] of Object.entries(places)) {
    expect(text.length, `${place} were read`).toBeGreaterThan(100);
    for (const canary of [...NUMBERS, ...NAMES, documentNumber, 'canary-passport-77'])
      expect(text.includes(canary), `${canary} in ${place}`).toBe(false);
  }
});

test('the search finds what is there: a sample id that may be kept', async () => {
  const sampleId = 'a-sample-id-to-be-found';
  await exchange.send([testReportedJson(newPerson(), { sampleId })]);
  await exchange.caughtUp();
  expect(await topicsOf()).toContain(sampleId);
  expect(await redisOf()).toContain(sampleId);
});

function logsOf(): string {
  const folder = join(exchange.stack.runDir, 'logs');
  return readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
}

async function metricsOf(): Promise<string> {
  const { intake, lookup, materialisers } = exchange.stack.addresses;
  const texts = await Promise.all(
    [intake, lookup, ...materialisers].map(async (url) => (await fetch(`${url}/metrics`)).text()),
  );
  return texts.join('\n');
}

async function topicsOf(): Promise<string> {
  const records = await readTopics(exchange.kafka, [
    'tests',
    'vaccinations',
    'codes',
    'erasures',
    'watermarks',
    'producers',
    'dead-letters',
  ]);
  return records
    .map(({ message: { key, value, headers } }) =>
      [key, value, JSON.stringify(headers), ...Object.values(headers ?? {}).map(String)]
        .map((part) => (Buffer.isBuffer(part) ? part.toString('utf8') : part))
        .join(' '),
    )
    .join('\n');
}

async function redisOf(): Promise<string> {
  const texts: string[] = [];
  for (const key of await exchange.redis.keysBuffer('*'))
    texts.push(key.toString('utf8'), ((await exchange.redis.getBuffer(key)) ?? Buffer.alloc(0)).toString('utf8'));
  return texts.join('\n');
}
