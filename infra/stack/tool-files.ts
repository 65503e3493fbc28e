/**
 * Configurations for tools at hand: of Kafka's clients as the operator, what they need to be let in, and of curl whom
 * to believe. They name the files of private keys, and hold none.
 */

import { join, resolve } from 'node:path';
import { replaceFile } from '#platform/replace-file.ts';
import { filesOf, type TlsFiles } from '#platform/tls.ts';

/** Of Java clients, such as Kafka's own commands. */
export const propertiesIn = (runDir: string): string => join(runDir, 'client.properties');
/** Of all that is built on librdkafka, such as kcat and Confluent's clients. */
export const librdkafkaIn = (runDir: string): string => join(runDir, 'librdkafka.conf');
/** Of curl, for what asks nobody who calls. `hutong token --curlrc` writes one for each caller beside it. */
export const curlrcIn = (runDir: string): string => join(runDir, 'curlrc');

/** @param kafka host:port[,host:port] */
export function writeToolFiles(runDir: string, kafka: string, tls: TlsFiles): void {
  const own = filesOf(tls, 'operator');
  const [ca, cert, key] = [resolve(own.ca), resolve(own.cert), resolve(own.key)];
  write(propertiesIn(runDir), {
    'bootstrap.servers': kafka,
    'security.protocol': 'SSL',
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': ca,
    // One file holds both; Java takes them no other way.
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': cert,
  });
  replaceFile(curlrcIn(runDir), `cacert = "${ca}"\n`, 0o600);
  write(librdkafkaIn(runDir), {
    'bootstrap.servers': kafka,
    'security.protocol': 'ssl',
    'ssl.ca.location': ca,
    'ssl.certificate.location': cert,
    'ssl.key.location': key,
  });
}

function write(path: string, settings: Readonly<Record<string, string>>): void {
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  replaceFile(path, lines.join(''), 0o600);
}
