/**
 * The next key or certificate of a province, beside the one in use: made, made known where it must be known first, and
 * then said whom to hand it to, in which order. It never takes away the former one, and prints no secret.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ProvinceCode } from '#core/field/regions.ts';
import { kafkaAccess } from '#exchange/identity/operator.ts';
import { filesIn, issueCertificates, readIssued } from '#exchange/identity/pki.ts';
import { newestOf, type Principal, provincePrincipal, standingOf } from '#exchange/identity/principals.ts';
import { makeNextKey, nextSigningKey } from '#exchange/keys/make.ts';
import { requireAnchors } from '#exchange/keys/signing-keys.ts';
import { readPublicKeys } from '#exchange/topics/public-keys.ts';
import { publishKeys } from '#exchange/topics/publish-keys.ts';
import { readKeysDir } from '#platform/config.ts';
import { createKafka } from '#platform/kafka/client.ts';
import { createLogger } from '#platform/log.ts';
import { clientFileIn, nextClient, publicHalf, readClientFile, writeClientFile } from '#platform/tokens/client-file.ts';
import { issuerIn, registerNextKey } from '#platform/tokens/registered-clients.ts';
import { acknowledged } from '#services/cli/shared/acknowledged.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import { launchedAddress, ownTls } from '#services/cli/shared/launched.ts';
import type { Print } from '#services/cli/shared/print.ts';
import type { AddSettings } from './add.ts';
import type { Rotated } from './rotated.ts';

interface Rotation {
  readonly principal: Principal;
  readonly settings: AddSettings;
  readonly nowMs: number;
}

/** @returns what there is to do now, in order */
const STEPS: Readonly<Record<Rotated, (rotation: Rotation) => Promise<readonly string[]>>> = {
  'tag-key': async ({ principal, settings: { runDir } }) => {
    const file = makeNextKey(keysIn(runDir), principal);
    return [
      `Made ${file}. Hand it over by a way that nobody else can read, in this order:`,
      '1. to each materialiser, and whoever else folds the log. They look for it when a record names it.',
      `2. to ${principal}'s producers. They tag with it from 5 to 10 s after its file is there.`,
      '3. Let whoever folds the log keep the former file for as long as the log holds records under it.',
      'A producer that has it first makes its province incomplete until the materialisers have it and its letters are',
      'replayed. To end the former key as well: hutong keys revoke, once no producer uses it.',
    ];
  },
  'signing-key': async ({ principal, settings }) => {
    const { id, file } = await publishNext(principal, settings);
    return [
      `Published ${id}, then made ${file}. Hand it over by a way that nobody else can read:`,
      `to ${principal}'s producers. They sign with it from 5 to 10 s after its file is there. The former one stays`,
      'published, or what it has signed could not be checked. To end it as well: hutong keys revoke --signing, once no',
      'producer uses it.',
    ];
  },
  certificate: async ({ principal, settings: { runDir, hosts }, nowMs }) => {
    const pki = join(runDir, 'pki');
    const known = newestOf(readIssued(pki)).find(({ name }) => name === principal);
    if (known === undefined) throw new RangeError(`${principal} has no certificate: hutong province add makes one`);
    if (standingOf(known, nowMs) === 'revoked')
      throw new RangeError(`${principal} was revoked: hutong pki issue ${principal} lets it in again`);
    await issueCertificates(pki, [principal], nowMs, hosts);
    return [
      `Made ${filesIn(pki).of(principal)}. Hand it over by a way that nobody else can read:`,
      `to ${principal}'s producers and to who reports for it. New connections show it once its file is there, those of`,
      'a door within 10 s. A token that is bound to the former one is got anew. That one counts until it ends.',
    ];
  },
  'client-key': async ({ principal, settings: { runDir } }) => {
    const clients = join(runDir, 'clients');
    const file = clientFileIn(clients, principal);
    const waiting = file.replace(/\.json$/, '.next.json');
    const next = existsSync(waiting) ? readClientFile(waiting) : nextClient(clients, principal);
    const shown = publicHalf(next.privateKey);
    if (registerNextKey(issuerIn(runDir), principal, shown)) {
      writeClientFile(file, next);
      return [
        `The issuer of this stack knows ${shown.kid}; then made ${file}.`,
        `Hand it over by a way that nobody else can read: to who reports for ${principal}.`,
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

/** @throws HutongError KAFKA_UNAVAILABLE, CONFIG_INVALID, IDENTITY_UNUSABLE; RangeError of who does not belong */
export async function rotate(
  code: ProvinceCode,
  what: Rotated,
  settings: AddSettings,
  print: Print,
  nowMs: number,
): Promise<number> {
  const principal = provincePrincipal(code);
  if (!existsSync(filesIn(join(settings.runDir, 'pki')).of(principal)))
    throw new RangeError(`${principal} does not belong yet: hutong province add ${code}`);
  print((await STEPS[what]({ principal, settings, nowMs })).join('\n'));
  return EXIT.ok;
}

const keysIn = (runDir: string): string => readKeysDir(undefined, join(runDir, 'keys'));

/** First published, then written: a producer that shares the folder must not find it before it can be checked. */
async function publishNext(
  principal: Principal,
  { runDir, kafka }: AddSettings,
): Promise<{ readonly id: string; readonly file: string }> {
  const folder = keysIn(runDir);
  const brokers = kafka ?? (await launchedAddress(runDir, 'kafka', 'give its address with --kafka'));
  const asOperator = createKafka(
    kafkaAccess(brokers, ownTls(runDir)),
    'hutong-province',
    createLogger('province', 'silent'),
  );
  const known = await acknowledged(readPublicKeys(asOperator, requireAnchors(folder)));
  const { publicKey, write } = nextSigningKey(folder, principal, (id) => known.has(id));
  await acknowledged(publishKeys(asOperator, folder, [publicKey]));
  return { id: publicKey.id, file: write() };
}
