/** As whom the command connects: it is the operator's, whatever it does. */

import type { KafkaAccess } from '#platform/kafka/client.ts';
import { filesOf, Identity, type TlsFiles } from '#platform/tls.ts';

/** @throws HutongError IDENTITY_UNUSABLE */
export function operatorIdentity(tls: TlsFiles): Identity {
  return new Identity(filesOf(tls, 'operator'));
}

/**
 * @param brokers host:port[,host:port]
 * @throws HutongError IDENTITY_UNUSABLE
 */
export function kafkaAccess(brokers: string, tls: TlsFiles): KafkaAccess {
  return { brokers: brokers.split(','), identity: operatorIdentity(tls) };
}
