/**
 * The next key or certificate of a principal, beside the one in use: made, made known where it must be known first, and
 * then said whom to hand it to, in which order. It never takes away the former one, and prints no secret.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { REVOCATION_REACH_MS } from '#core/keys/revocations.ts';
import { filesIn, issueCertificates, readIssued } from '#exchange/identity/pki.ts';
import { newestOf, OPERATOR, type Principal, standingOf } from '#exchange/identity/principals.ts';
import { hasRecordKey, nextRecordKey, nextSigningKey } from '#exchange/keys/make.ts';
import { requireAnchors, requireSigningKey, signingFilesOf } from '#exchange/keys/signing-keys.ts';
import { keyStartRecord } from '#exchange/topics/key-starts.ts';
import { readKeys } from '#exchange/topics/known-keys.ts';
import { publishKeys } from '#exchange/topics/publish-keys.ts';
import { sendOnce } from '#platform/kafka/sender.ts';
import { clientFileIn, nextClient, publicHalf, readClientFile, writeClientFile } from '#platform/tokens/client-file.ts';
import { issuerIn, registerNextKey } from '#platform/tokens/registered-clients.ts';
import { acknowledged } from '#services/cli/shared/acknowledged.ts';
import { asOperator, keysIn } from '#services/cli/shared/as-operator.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import { launchedAddress } from '#services/cli/shared/launched.ts';
import type { Print } from '#services/cli/shared/print.ts';
import type { Rotated } from './rotated.ts';

export interface RotateSettings {
  readonly runDir: string;
  /** host:port[,host:port]; null: that of the launched stack. */
  readonly kafka: string | null;
  /** Under which it is reached, for a certificate. */
  readonly hosts: readonly string[];
  /** From when on the next key counts; null: at once. */
  readonly fromMs: number | null;
}

interface Rotation {
  readonly principal: Principal;
  readonly settings: RotateSettings;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** @returns what there is to do now, in order */
const STEPS: Readonly<Record<Rotated, (rotation: Rotation) => Promise<readonly string[]>>> = {
  'tag-key': async (rotation) => {
    const { principal, settings } = rotation;
    const folder = keysIn(settings.runDir);
    if (!hasRecordKey(folder, principal)) throw hasNone(principal, 'key of records');
    const file = await makeTagKey(rotation, folder);
    const users =
      principal === OPERATOR ? 'whoever copies the log or settles letters for it' : `${principal}'s producers`;
    return [
      `Made ${file}.${startText(settings)} Hand it over by a way that nobody else can read, in this order:`,
      '1. to each materialiser, and whoever else folds the log. They look for it when a record names it.',
      `2. to ${users}. A producer tags with it from 5 to 10 s after its file is there.`,
      '3. Let whoever folds the log keep the former file for as long as the log holds records under it.',
      'Where it is tagged with before the materialisers have it, the province is incomplete until they do and its',
      'letters are replayed. To end the former key as well: hutong keys revoke, once nobody uses it.',
    ];
  },
  'signing-key': async ({ principal, settings }) => {
    const folder = keysIn(settings.runDir);
    if (signingFilesOf(folder, principal).length === 0) throw hasNone(principal, 'key to sign with');
    const { id, file, anchor } = await publishNext(principal, folder, settings);
    if (anchor !== null)
      return [
        `Published ${id} under the former key, then made ${file} and ${anchor}.`,
        '1. Who follows the keys believes it at once. Hand the second file to all who check, for when the former',
        '   anchor is taken away from them.',
        '2. Hand the first over by a way that nobody else can read: to who publishes keys, retires and revokes.',
        'The former anchor stays for as long as what it has signed is to be believed.',
      ];
    return [
      `Published ${id}, then made ${file}.${startText(settings)} Hand it over by a way that nobody else can read:`,
      `to who signs for ${principal}. A producer signs with it from 5 to 10 s after its file is there. The former one`,
      'stays published, or what it has signed could not be checked. To end it as well: hutong keys revoke --signing,',
      'once nobody uses it.',
    ];
  },
  certificate: async ({ principal, settings: { runDir, hosts }, now }) => {
    const pki = join(runDir, 'pki');
    const known = newestOf(readIssued(pki)).find(({ name }) => name === principal);
    if (known === undefined) throw hasNone(principal, 'certificate');
    if (standingOf(known, now()) === 'revoked')
      throw new RangeError(`${principal} was revoked: hutong pki issue ${principal} lets it in again`);
    await issueCertificates(pki, [principal], now(), hosts);
    return [
      `Made ${filesIn(pki).of(principal)}. Hand it over by a way that nobody else can read:`,
      `to whatever connects as ${principal}. New connections show it once its file is there, those of a service within`,
      '10 s. A token that is bound to the former one is got anew. That one counts until it ends.',
    ];
  },
  'client-key': async ({ principal, settings: { runDir } }) => {
    const clients = join(runDir, 'clients');
    const file = clientFileIn(clients, principal);
    if (!existsSync(file)) throw hasNone(principal, 'client of the issuer');
    const waiting = file.replace(/\.json$/, '.next.json');
    const next = existsSync(waiting) ? readClientFile(waiting) : nextClient(clients, principal);
    const shown = publicHalf(next.privateKey);
    if (registerNextKey(issuerIn(runDir), principal, shown)) {
      writeClientFile(file, next);
      return [
        `The issuer of this stack knows ${shown.kid}; then made ${file}.`,
        `Hand it over by a way that nobody else can read: to whoever asks as ${principal}.`,
        'The issuer forgets the former key at its next start.',
      ];
    }
    writeClientFile(waiting, next);
    return [
      `Made ${waiting}. In this order:`,
      `1. Have the issuer know this key of ${principal} beside the former one:`,
      `   ${JSON.stringify(shown)}`,
      `2. Hand over ${waiting}, by a way that nobody else can read, to take the place of ${file}.`,
      '3. Have the issuer forget the former key.',
    ];
  },
};

/** @throws HutongError KAFKA_UNAVAILABLE, CONFIG_INVALID, IDENTITY_UNUSABLE; RangeError of what can't be rotated */
export async function rotate(
  principal: Principal,
  what: Rotated,
  settings: RotateSettings,
  { print, now, sleep }: Pick<Rotation, 'now' | 'sleep'> & { readonly print: Print },
): Promise<number> {
  print((await STEPS[what]({ principal, settings, now, sleep })).join('\n'));
  return EXIT.ok;
}

/**
 * What is said of when a key counts reaches 60 s ahead, so the key is made then: nobody can have tagged anything with
 * it that counts before its time.
 */
async function makeTagKey(
  { principal, settings: { runDir, kafka, fromMs }, now, sleep }: Rotation,
  folder: string,
): Promise<string> {
  if (fromMs === null) return nextRecordKey(folder, principal).write();
  if (fromMs <= now() + REVOCATION_REACH_MS)
    throw new RangeError('--valid-from lies less than a minute ahead: what is said of a key reaches 60 s ahead');
  const operator = requireSigningKey(folder, OPERATOR);
  const kafkaNow = asOperator(await brokersOf(kafka, runDir), runDir).kafka;
  const { starts } = await acknowledged(readKeys(kafkaNow, requireAnchors(folder)));
  const { id, write } = nextRecordKey(folder, principal, (taken) => starts.startsAtMs(taken) !== null);
  await acknowledged(sendOnce(kafkaNow, [keyStartRecord({ key: id, fromMs }, operator)]));
  await sleep(REVOCATION_REACH_MS + CLOCKS_APART_MS);
  return write();
}

/** Between the broker's clock and ours. */
const CLOCKS_APART_MS = 1_000;

/** First published, then written: a producer that shares the folder must not find it before it can be checked. */
async function publishNext(
  principal: Principal,
  folder: string,
  { runDir, kafka, fromMs }: RotateSettings,
): Promise<{ readonly id: string; readonly file: string; readonly anchor: string | null }> {
  const kafkaNow = asOperator(await brokersOf(kafka, runDir), runDir).kafka;
  const { keys } = await acknowledged(readKeys(kafkaNow, requireAnchors(folder)));
  const { publicKey, write, writeAnchor } = nextSigningKey(folder, principal, (id) => keys.has(id));
  const start = fromMs === null ? {} : { fromMs };
  await acknowledged(publishKeys(kafkaNow, folder, [{ ...publicKey, ...start }]));
  const anchor = principal === OPERATOR ? writeAnchor() : null;
  return { id: publicKey.id, file: write(), anchor };
}

async function brokersOf(kafka: string | null, runDir: string): Promise<string> {
  return kafka ?? (await launchedAddress(runDir, 'kafka', 'give its address with --kafka'));
}

function startText({ fromMs }: RotateSettings): string {
  return fromMs === null ? '' : ` It counts from ${new Date(fromMs).toISOString()} on.`;
}

function hasNone(principal: Principal, what: string): RangeError {
  return new RangeError(
    principal.startsWith('province-')
      ? `${principal} does not belong yet: hutong province add ${principal.slice('province-'.length)}`
      : `${principal} has no ${what} here`,
  );
}
