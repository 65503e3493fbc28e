/**
 * Revokes a principal: its certificates, its client at the development issuer, and its rights on Kafka. An open
 * connection outlives its certificate. The doors look at the list of revoked ones with each request. Kafka looks at
 * none, but asks for the rights of every request anew.
 */

import { kafkaAccess } from '#exchange/identity/operator.ts';
import { revokeCertificates } from '#exchange/identity/pki.ts';
import type { Principal } from '#exchange/identity/principals.ts';
import { removeAclsOf } from '#platform/kafka/acls.ts';
import { createKafka } from '#platform/kafka/client.ts';
import { createLogger } from '#platform/log.ts';
import { forgetClient, issuerIn } from '#platform/tokens/registered-clients.ts';
import { acknowledged } from '#services/cli/shared/acknowledged.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import { launchedAddress, ownTls } from '#services/cli/shared/launched.ts';
import type { Print } from '#services/cli/shared/print.ts';

interface Where {
  readonly runDir: string;
  /** host:port[,host:port]; null: that of the launched stack, where one runs. */
  readonly kafka: string | null;
}

/** @throws Error of the Kafka client, after the certificates are revoked */
export async function revokePrincipal(
  dir: string,
  principal: Principal,
  { runDir, kafka }: Where,
  print: Print,
  nowMs: number,
): Promise<number> {
  const count = await revokeCertificates(dir, principal, nowMs);
  print(
    count === 0
      ? `${principal} has no certificate in force.`
      : `Revoked ${count} of ${principal}. Whoever follows crl.pem (HUTONG_TLS_CRL) refuses its requests within ` +
          'seconds, on connections that are open too.',
  );
  const isForgotten = forgetClient(issuerIn(runDir), principal);
  if (isForgotten) print('The issuer of this stack gives it no more tokens; those that it has end by themselves.');
  const brokers = kafka ?? (await launchedAddress(runDir, 'kafka', '').catch(() => null));
  if (brokers === null) {
    print('No Kafka is known here (--kafka): where one runs, its rights on it go with its next start.');
    return count === 0 && !isForgotten ? EXIT.failed : EXIT.ok;
  }
  const admin = createKafka(kafkaAccess(brokers, ownTls(runDir)), 'hutong-pki', silent()).admin();
  try {
    await acknowledged(admin.connect());
    const removed = await acknowledged(removeAclsOf(admin, principal));
    print(`Took away ${removed} rights on Kafka, on connections that are open too.`);
    return count + removed === 0 && !isForgotten ? EXIT.failed : EXIT.ok;
  } finally {
    await admin.disconnect();
  }
}

const silent = () => createLogger('pki', 'silent');
