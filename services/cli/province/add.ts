/**
 * What a province needs to belong: a certificate, a client of the issuer, keys for its records and signatures, rights
 * and a quota on Kafka. Given again, it makes what is missing and leaves what there is.
 */

import { join } from 'node:path';
import { PROVINCES, type ProvinceCode } from '#core/field/regions.ts';
import type { Held } from '#exchange/identity/caller.ts';
import { filesIn, initPki, issueCertificates, readIssued } from '#exchange/identity/pki.ts';
import { newestOf, type Principal, provincePrincipal, standingOf } from '#exchange/identity/principals.ts';
import { makeKeys, makeSigningKey } from '#exchange/keys/make.ts';
import { RECORD_KEYS } from '#exchange/keys/ring.ts';
import { ANCHORS, SIGNING_KEYS } from '#exchange/keys/signing-keys.ts';
import { aclsOf } from '#exchange/topics/access.ts';
import { publishKeysOf } from '#exchange/topics/publish-keys.ts';
import { quotasOf } from '#exchange/topics/quotas.ts';
import { addAcls } from '#platform/kafka/acls.ts';
import { applyQuotas } from '#platform/kafka/quotas.ts';
import { clientFileIn, makeClient } from '#platform/tokens/client-file.ts';
import { issuerIn, registerClient } from '#platform/tokens/registered-clients.ts';
import { acknowledged } from '#services/cli/shared/acknowledged.ts';
import { asOperator, keysIn } from '#services/cli/shared/as-operator.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import { launchedAddress } from '#services/cli/shared/launched.ts';
import type { Print } from '#services/cli/shared/print.ts';

export interface AddSettings {
  readonly runDir: string;
  /** host:port[,host:port]; null: that of the launched stack, where one runs. */
  readonly kafka: string | null;
  /** Under which its door is reached. */
  readonly hosts: readonly string[];
}

/** @throws HutongError KAFKA_UNAVAILABLE, CONFIG_INVALID; RangeError of one that was revoked */
export async function addProvince(
  code: ProvinceCode,
  { runDir, kafka, hosts }: AddSettings,
  print: Print,
  nowMs: number,
): Promise<number> {
  const principal = provincePrincipal(code);
  const pki = join(runDir, 'pki');
  await certify(pki, principal, hosts, nowMs);
  const clients = join(runDir, 'clients');
  const publicKey = makeClient(clients, principal);
  const keys = keysIn(runDir);
  makeKeys(keys, principal);
  makeSigningKey(keys, principal);
  const brokers = kafka ?? (await launchedAddress(runDir, 'kafka', '').catch(() => null));
  const held: Held = { provinces: [code] };
  registerClient(issuerIn(runDir), { id: principal, held, publicKeys: [publicKey], isCertified: true });
  if (brokers !== null) await letIn(brokers, runDir, keys, principal);

  const { nameZh, nameEn } = PROVINCES.find((one) => one.code === code) ?? { nameZh: '', nameEn: '' };
  print(
    [
      `${nameZh} / ${nameEn} is ${principal}.`,
      '',
      'Hand over to it, by a way that nobody else can read:',
      `  ${filesIn(pki).of(principal)}  its certificate and the key of it`,
      `  ${clientFileIn(clients, principal)}  its client of the issuer`,
      `  ${join(keys, RECORD_KEYS)}/${principal}-*.key, ${join(keys, SIGNING_KEYS)}/${principal}-*.pem  its keys`,
      '  the secrets of the person keys (HUTONG_PERSON_KEY_SECRETS)',
      'and, which is no secret:',
      `  ${filesIn(pki).ca}, ${join(keys, ANCHORS)}  whom it believes`,
      `Hand over to each materialiser, the same way: ${join(keys, RECORD_KEYS)}/${principal}-*.key`,
      'Have the issuer know its client, unless it does (that of a development stack knows it by now):',
      `  ${JSON.stringify({ client_id: principal, hutong: held, jwk: publicKey })}`,
      '',
      brokers === null
        ? 'No Kafka is known here (--kafka): its rights there are still to be given, by this command again.'
        : 'On Kafka it has its rights, its quota and its public keys, at once.',
    ].join('\n'),
  );
  return EXIT.ok;
}

async function certify(pki: string, principal: Principal, hosts: readonly string[], nowMs: number): Promise<void> {
  await initPki(pki, nowMs);
  const newest = newestOf(readIssued(pki)).find(({ name }) => name === principal);
  const standing = newest === undefined ? 'ended' : standingOf(newest, nowMs);
  if (standing === 'revoked')
    throw new RangeError(`${principal} was revoked: hutong pki issue ${principal} lets it in again, and then this`);
  if (standing !== 'valid') await issueCertificates(pki, [principal], nowMs, hosts);
}

async function letIn(brokers: string, runDir: string, keys: string, principal: Principal): Promise<void> {
  const { access, kafka } = asOperator(brokers, runDir);
  const admin = kafka.admin();
  try {
    await acknowledged(admin.connect());
    await acknowledged(addAcls(admin, aclsOf(principal)));
    await acknowledged(applyQuotas(access, quotasOf([principal])));
    await acknowledged(publishKeysOf(kafka, keys));
  } finally {
    await admin.disconnect();
  }
}
