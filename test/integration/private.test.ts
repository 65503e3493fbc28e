/** Guarantee *Private*: canary numbers and names go in by every door, and are looked for wherever anything is kept. */

import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Exchange } from '#exercises/oracle/exchange.ts';
import { type Look, lookEverywhere, lookInRedis, lookInTopics } from '#exercises/oracle/traces.ts';
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

  const places = await leftIn(lookEverywhere);
  places.set('answers', spoken.join('\n'));
  expect([...places.keys()].sort()).toEqual(['answers', 'logs', 'metrics', 'redis', 'topics']);
  for (const [place, text] of places) {
    expect(text.length, `${place} were read`).toBeGreaterThan(100);
    for (const canary of [...NUMBERS, ...NAMES, documentNumber, 'canary-passport-77'])
      expect(text.includes(canary), `${canary} in ${place}`).toBe(false);
  }
});

test('the search finds what is there: a sample id that may be kept', async () => {
  const sampleId = 'a-sample-id-to-be-found';
  await exchange.send([testReportedJson(newPerson(), { sampleId })]);
  await exchange.caughtUp();
  expect((await leftIn(lookInTopics)).get('topics')).toContain(sampleId);
  expect((await leftIn(lookInRedis)).get('redis')).toContain(sampleId);
});

/** All that was left, by place. */
async function leftIn(look: (exchange: Exchange, look: Look) => Promise<void>): Promise<Map<string, string>> {
  const texts = new Map<string, string[]>();
  await look(exchange, (bytes, place) => {
    const known = texts.get(place) ?? [];
    texts.set(place, known);
    known.push(bytes.toString('utf8'));
  });
  return new Map([...texts].map(([place, parts]) => [place, parts.join('\n')]));
}
