/** A broker's storage as a copy of one that Kafka's tool formatted. The tool itself runs in integration tests. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { formatStorage } from '#infra/parts/kafka-storage.ts';

let root: string;
const storageOf = (broker: string, nodeId: number) => ({
  folder: join(root, broker),
  config: join(root, 'server.properties'),
  clusterId: 'of-the-cluster',
  nodeId,
  partsDir: root,
  jvm: [],
});
const metaOf = (broker: string): Record<string, string> =>
  Object.fromEntries(
    readFileSync(join(root, broker, 'meta.properties'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split('=')),
  );

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hutong-storage-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  writeFileSync(join(root, 'kafka.bootstrap.checkpoint'), 'what a cluster begins with');
});

it('begins as the tool would have it, each broker with its number and a directory of its own', async () => {
  await formatStorage(storageOf('a', 1));
  await formatStorage(storageOf('b', 2));
  expect(readFileSync(join(root, 'b', 'bootstrap.checkpoint'), 'utf8')).toBe('what a cluster begins with');
  expect(metaOf('a')).toEqual({
    version: '1',
    'cluster.id': 'of-the-cluster',
    'node.id': '1',
    'directory.id': expect.stringMatching(/^[\w][\w-]{21}$/),
  });
  expect(metaOf('b')).toMatchObject({ 'cluster.id': 'of-the-cluster', 'node.id': '2' });
  expect(metaOf('a')['directory.id']).not.toBe(metaOf('b')['directory.id']);
});

it('one that was formatted before stays as it is', async () => {
  mkdirSync(join(root, 'a'));
  writeFileSync(join(root, 'a', 'meta.properties'), 'cluster.id=of-another\n');
  await formatStorage(storageOf('a', 1));
  expect(metaOf('a')).toEqual({ 'cluster.id': 'of-another' });
});
