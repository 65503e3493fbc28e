/**
 * A real person for `hutong policy explain`: found by document or key, read from the live view in one step, and shown
 * with how fresh that is. A document's number comes by standard input, never by the command line, and is never
 * repeated.
 */

import { Ajv } from 'ajv';
import Table from 'cli-table3';
import type { OnRecord } from '#core/answer/on-record.ts';
import type { Answer } from '#core/answer/recognise.ts';
import type { IdentityDocument, PersonKey } from '#core/field/identity.ts';
import { keyOfDocument } from '#core/field/person.ts';
import { provinceOf, type ProvinceCode } from '#core/field/regions.ts';
import { DAY_MS, formatClock, startOfShanghaiDayMs, shanghaiDayOf } from '#core/field/time.ts';
import { HISTORY_DAYS_KEPT } from '#core/terms/window-text.ts';
import type { Snapshot } from '#core/view/snapshot.ts';
import type { PersonView, Version } from '#core/view/view.ts';
import { PersonDocumentSchema } from '#exchange/formats/person-document-schema.ts';
import type { Log } from '#exchange/topics/log.ts';
import { parseGeneration, ViewKeys } from '#exchange/view/keys.ts';
import { ViewReader } from '#exchange/view/reader.ts';
import { lazily } from '#platform/lazily.ts';
import { createLogger } from '#platform/log.ts';
import { connectRedis, type RedisAccess, type Redis, redisUnavailable } from '#platform/redis.ts';
import type { Print } from '#services/cli/shared/print.ts';

export interface LivePerson {
  readonly snapshot: Snapshot;
  /** When it was read. */
  readonly nowMs: number;
}

const INPUT_BYTES_MAX = 64 * 1024;
const personForm = lazily(() => new Ajv({ strict: false }).compile<IdentityDocument>(PersonDocumentSchema));

/** @throws RangeError that points at the field and never holds what is in it */
export async function readDocument(
  input: AsyncIterable<Buffer | string>,
  secrets: readonly Buffer[],
  nowMs: number,
): Promise<PersonKey> {
  const json = parseJson(await readAll(input));
  const isPerson = personForm();
  if (!isPerson(json)) {
    const fault = isPerson.errors?.[0];
    const what = fault?.instancePath === '' ? 'it' : fault?.instancePath;
    throw new RangeError(
      `the person on standard input has another form: ${what} ${fault?.message}; it takes the ` +
        'look-up’s person, such as {"documentType":"passport","issuingCountry":"DEU","documentNumber":"…"}',
    );
  }
  const found = keyOfDocument(json, secrets, nowMs);
  if (found.ok) return found.key;
  const { pointer, code, detail, hint } = found.fault;
  throw new RangeError(`${pointer}: ${detail} [${code}]; ${hint}`);
}

async function readAll(input: AsyncIterable<Buffer | string>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of input) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > INPUT_BYTES_MAX)
      throw new RangeError(`more than ${INPUT_BYTES_MAX} bytes on standard input: it takes one person`);
    chunks.push(buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's own message would hold a piece of the text.
    throw new RangeError(
      'what came by standard input is not JSON: it takes the look-up’s person, such as ' +
        '{"documentType":"resident_identity_card","documentNumber":"…"}',
    );
  }
}

/**
 * @throws HutongError REDIS_UNAVAILABLE, VIEW_UNREADABLE; RangeError where the view has another number of partitions
 */
export async function readLivePerson(
  log: Log,
  access: RedisAccess,
  partitions: number,
  key: PersonKey,
): Promise<LivePerson> {
  const redis = await connectRedis(access, createLogger('policy', 'error'));
  const viewKeys = new ViewKeys(log);
  try {
    // With a wrong number the person would be looked for in a wrong place, and be said to have no record.
    const [last, beyond] = await Promise.all([
      hasPosition(redis, viewKeys, partitions - 1),
      hasPosition(redis, viewKeys, partitions),
    ]).catch((cause: unknown) => {
      throw redisUnavailable(cause);
    });
    if (!last || beyond)
      throw new RangeError(
        `this view isn’t one of ${partitions} partitions that a materialiser has read: set ` +
          'HUTONG_PARTITIONS as it is set for the services',
      );
    return { snapshot: await new ViewReader(redis, log, partitions).read(key), nowMs: Date.now() };
  } finally {
    redis.disconnect();
  }
}

async function hasPosition(redis: Redis, viewKeys: ViewKeys, partition: number): Promise<boolean> {
  const generation = parseGeneration(await redis.get(viewKeys.live(partition)));
  return (await redis.exists(viewKeys.position(generation, partition))) === 1;
}

/** From when on a timeline is worth showing: the day of the oldest record that a window may still reach. */
export function startOfRecordsMs({ snapshot: { view } }: LivePerson, atMs: number): number {
  const times =
    view === null
      ? []
      : [...view.datedTests, ...view.undatedTests].flatMap(({ issuedAtMs, sampledAtMs }) => [
          sampledAtMs ?? issuedAtMs,
          issuedAtMs,
        ]);
  const others =
    view === null
      ? []
      : [
          ...view.samplings.map(({ sampledAtMs }) => sampledAtMs),
          ...view.codes.map(({ assignedAtMs }) => assignedAtMs),
          ...view.exposures.map(({ fromMs }) => fromMs),
        ];
  const oldestMs = Math.min(atMs, ...times, ...others);
  return startOfShanghaiDayMs(shanghaiDayOf(Math.max(oldestMs, atMs - HISTORY_DAYS_KEPT * DAY_MS)));
}

export function printPerson({ snapshot, nowMs }: LivePerson, answer: Answer | null, print: Print): void {
  const { partition, position, view } = snapshot;
  print(
    `Read at ${formatClock(nowMs)} (Beijing time), partition ${partition}, up to ${
      position === null
        ? 'nothing'
        : Object.entries(position.topics)
            .map(([topic, { nextOffset }]) => `${topic} ${nextOffset}`)
            .join(', ')
    }.`,
  );
  if (answer !== null) printFreshness(answer, print);
  print('');
  if (view === null) print('Nothing of this person is on record.');
  else printRecord(view, print);
  if (answer === null) return;
  if (answer.standing !== null) printCodes(answer.standing, print);
  print('');
  print(answer.sentence.zh);
  print(answer.sentence.en);
}

function printCodes({ code, codes }: OnRecord, print: Print): void {
  const inForce = codes.map(({ state, assignedBy, clearedBy }) => {
    const by = `${state} by ${assignedBy.name.en}`;
    return clearedBy === null ? by : `${by}, which ${clearedBy.name.en} alone may clear`;
  });
  print(inForce.length === 0 ? 'No code is in force.' : `In force: ${inForce.join('; ')}.`);
  print(code.sentence.en);
}

function printFreshness({ dataAsOf, exchangeBehind, provincesBehind, incomplete }: Answer, print: Print): void {
  const asOf = dataAsOf === null ? 'nothing' : dataAsOf.replace('T', ' ').replace('+08:00', '');
  const whose = provincesBehind.length === 0 ? 'all provinces up to date' : 'but for the provinces that are behind';
  print(exchangeBehind ? 'The exchange itself is behind: nothing is said plainly.' : `Data as of ${asOf}, ${whose}.`);
  const why = ({ watermark, behindBySeconds }: (typeof provincesBehind)[number]): string =>
    behindBySeconds !== null
      ? `${behindBySeconds} s`
      : watermark === null
        ? 'nothing of it was ever seen'
        : 'its clock is ahead';
  if (provincesBehind.length > 0)
    print(`Behind: ${provincesBehind.map((one) => `${one.name.en} (${why(one)})`).join(', ')}.`);
  if (incomplete.person) print('A record of this person could not be read.');
  if (incomplete.provinces.length > 0 || incomplete.unknownProvince)
    print('Records whose person isn’t known could not be read.');
}

/** All registers, those that count for nothing too. */
function printRecord(view: PersonView, print: Print): void {
  const table = new Table({ style: { head: [], border: [] }, head: ['on record', 'by', 'what', 'when', 'status'] });
  const row = (
    kind: string,
    { province, status }: Version & { readonly province: ProvinceCode },
    what: string,
    when: string,
  ): void => void table.push([kind, provinceOf(province).nameEn, what, when, status]);
  const clock = (ms: number | null): string => (ms === null ? '…' : formatClock(ms));
  for (const test of [...view.datedTests, ...view.undatedTests])
    row(
      'test',
      test,
      `${test.result}, ${test.method.replaceAll('_', ' ')}`,
      `${test.sampledAtMs === null ? 'sampling time unknown' : `sampled ${clock(test.sampledAtMs)}`}, ` +
        `report ${clock(test.issuedAtMs)}`,
    );
  for (const sampling of view.samplings) row('sampling', sampling, sampling.site, clock(sampling.sampledAtMs));
  for (const dose of view.doses)
    row('dose', dose, `${dose.product}, dose ${dose.doseNumber}`, formatClock(dose.givenAtMs).slice(0, 10));
  for (const code of view.codes)
    row(
      'code',
      code,
      [code.state, ...(code.reason === null ? [] : [code.reason.replaceAll('_', ' ')])].join(', '),
      `${clock(code.assignedAtMs)} – ${clock(code.expiresAtMs)}`,
    );
  for (const stay of view.exposures)
    row('exposure', stay, `${stay.riskArea}, ${stay.level} risk`, `${clock(stay.fromMs)} – ${clock(stay.toMs)}`);
  print(table.toString());
  const lists = [
    ['tests', [...view.datedTestsCuts, ...view.undatedTestsCuts]],
    ['samplings', view.samplingsCuts],
    ['doses', view.dosesCuts],
    ['codes', view.codesCuts],
    ['exposures', view.exposuresCuts],
  ] as const;
  const cut = lists.flatMap(([what, cuts]) => (cuts.length === 0 ? [] : [what]));
  if (cut.length > 0) print(`More than a view keeps: older ${cut.join(', ')} are no longer there.`);
}
