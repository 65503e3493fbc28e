/** What tools at hand are told: where Kafka is and which files let them in, and never what is in these. */

import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { templateIn } from '#exchange/identity/pki.ts';
import { curlrcIn, librdkafkaIn, propertiesIn, writeToolFiles } from '#infra/stack/tool-files.ts';

const root = mkdtempSync(join(tmpdir(), 'hutong-tools-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('are the operator’s, by files that only the owner reads, for Java, librdkafka and curl', () => {
  const pki = join(root, 'pki');
  writeToolFiles(root, '127.0.0.1:1,127.0.0.1:2', templateIn(pki));
  const [java, librdkafka, curl] = [propertiesIn(root), librdkafkaIn(root), curlrcIn(root)].map((path) => {
    expect(statSync(path).mode & 0o777).toBe(0o600);
    return readFileSync(path, 'utf8').trimEnd().split('\n');
  });
  expect(java).toEqual([
    'bootstrap.servers=127.0.0.1:1,127.0.0.1:2',
    'security.protocol=SSL',
    'ssl.truststore.type=PEM',
    `ssl.truststore.location=${pki}/ca.crt`,
    'ssl.keystore.type=PEM',
    `ssl.keystore.location=${pki}/operator.pem`,
  ]);
  expect(librdkafka).toEqual([
    'bootstrap.servers=127.0.0.1:1,127.0.0.1:2',
    'security.protocol=ssl',
    `ssl.ca.location=${pki}/ca.crt`,
    `ssl.certificate.location=${pki}/operator.pem`,
    `ssl.key.location=${pki}/operator.pem`,
  ]);
  expect(curl).toEqual([`cacert = "${pki}/ca.crt"`]);
});
