/** Guarantee *Private*: canary numbers and names go in by every door, and are looked for wherever anything is kept. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { PersonKey } from '#core/field/identity.ts';
import { formatTime } from '#core/field/time.ts';
import { type Exchange, until } from '#exercises/oracle/exchange.ts';
import { type Look, lookEverywhere, lookInFiles, lookInRedis, lookInTopics } from '#exercises/oracle/traces.ts';
import { runHutong as runAlone } from '#exercises/town/command.ts';
import { newPerson, testReportedJson } from '#exercises/town/door-events.ts';
import { ROOT } from '#platform/folders.ts';
import { appendPoison } from '#test/support/append-poison.ts';
import { startExchange } from '#test/support/exchange.ts';
import { runHutong } from '#test/support/hutong.ts';

const NUMBERS = ['110105194912310021', 'CANARYPASSPORT77', 'QX4455667'];
const NAMES = ['Kanarienvogel', '金丝雀'];
let exchange: Exchange;
const spoken: string[] = [];
const printed: string[] = [];
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
  const headers = { 'content-type': contentType };
  const response = await exchange.as(client)(url, { method: 'POST', headers, body });
  spoken.push(await response.text());
}

async function hutongImport(file: string): Promise<void> {
  const { output } = await runAlone([
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
  ]);
  printed.push(output);
}

/** Where no field is: in an address, a query, a token, a header; and to be checked only. */
async function elsewhere(event: object): Promise<void> {
  const { lookup, intake } = exchange.stack.addresses;
  for (const [client, url, headers] of [
    ['operator', `${lookup}/v1/people/${NUMBERS[0]}`, {}],
    ['operator', `${lookup}/v1/people?documentNumber=${NUMBERS[0]}`, {}],
    ['operator', `${lookup}/v1/people/${NUMBERS[1]}%`, {}],
    ['operator', `${lookup}/v1/people/${'0'.repeat(32)}`, { authorization: `Bearer ${NUMBERS[1]}` }],
    ['national', `${intake}/${NUMBERS[0]}`, { traceparent: NUMBERS[1] as string }],
  ] as const)
    spoken.push(await (await exchange.as(client)(url, { headers })).text());
  await post(`${intake}/v1/events/check`, JSON.stringify([event, { ...event, laboratory: NUMBERS[0] }]));
}

/** What an operator may look at where records lie that nobody can read. */
async function listLetters(person: PersonKey): Promise<void> {
  await appendPoison(exchange, { truncated: person, tooEarly: person });
  await exchange.caughtUp();
  const listed = [
    ['dead-letters', 'list'],
    ['erasures', 'list', '--all', '--json'],
  ] as const;
  for (const { output, status } of await Promise.all(listed.map((args) => runHutong(exchange, ...args)))) {
    expect(status, output).toBe(0);
    printed.push(output);
  }
}

test('canaries reach no answer, topic, Redis, log, metric, list of processes, file or print', async () => {
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
  const decided = {
    erasureId: 'R1',
    authority: 'a health commission',
    legalBasis: 'law',
    decidedAt: formatTime(Date.now()),
  };
  await post(events, JSON.stringify([{ type: 'PersonErased', person: newPerson(), province: '43', ...decided }]));
  await elsewhere(good[0] as object);
  for (const documentType of ['resident_identity_card', 'hong_kong_macao_permit', 'taiwan_permit'])
    await post(events, JSON.stringify([testReportedJson({ documentType, documentNumber: NUMBERS[2] } as never)]));

  const sample = readFileSync(join(ROOT, 'exercises/town/lab-results/hl7/sample_AL_20240624-0001.hl7'), 'utf8');
  const outside = mkdtempSync(join(tmpdir(), 'hutong-feed-'));
  onTestFinished(() => rmSync(outside, { recursive: true }));
  const feed = join(outside, 'feed.hl7');
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

  await listLetters(exchange.keyOf(person));
  const places = await leftIn(async (of, look) => {
    await lookEverywhere(of, look);
    lookInFiles(of, look);
  });
  places.set('answers', spoken.join('\n'));
  places.set('prints', printed.join('\n'));
  const all = ['answers', 'files', 'logs', 'metrics', 'prints', 'processes', 'redis', 'topics'];
  expect([...places.keys()].sort()).toEqual(all);
  const secrets = [...exchange.secrets, exchange.ring.newestOf('province-43').secret.export()];
  const key = exchange.keyOf(person).toString('hex');
  for (const [place, text] of places) {
    expect(text.length, `${place} were read`).toBeGreaterThan(100);
    const forbidden = [
      ...[...NUMBERS, ...NAMES, documentNumber, 'canary-passport-77'].flatMap((canary) => [canary, hexOf(canary)]),
      ...(place === 'files' ? [] : secrets.map((secret) => secret.toString('hex'))),
      ...(['logs', 'metrics', 'processes'].includes(place) ? [key] : []),
    ];
    for (const canary of forbidden) expect(text.includes(canary), `${canary} in ${place}`).toBe(false);
  }
});

const hexOf = (text: string): string => Buffer.from(text).toString('hex');

test('the search finds what is there: a sample id that may be kept', async () => {
  const sampleId = 'a-sample-id-to-be-found';
  await exchange.send([testReportedJson(newPerson(), { sampleId })]);
  await exchange.caughtUp();
  expect((await leftIn(lookInTopics)).get('topics')).toContain(sampleId);
  expect((await leftIn(lookInRedis)).get('redis')).toContain(sampleId);
  const inFiles = () => leftIn(async (of, look) => lookInFiles(of, look));
  await until('Redis has written it down', async () => (await inFiles()).get('files')?.includes(sampleId) === true);
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
