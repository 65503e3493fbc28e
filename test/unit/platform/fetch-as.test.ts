/** What is asked as a principal, over connections that are kept. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { fetchAs } from '#platform/fetch-as.ts';
import type { Identity } from '#platform/tls.ts';

/** Over plain HTTP nobody looks at it. */
const NOBODY = { options: {} } as Identity;

// A command once asked the registry for each schema by a connection of its own, eighteen at once.
it('many questions at once share a few connections', async () => {
  const server = createServer((_, answer) => setImmediate(() => answer.end('yes')));
  let connections = 0;
  server.on('connection', () => (connections += 1));
  const { promise: listens, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await listens;
  onTestFinished(() => server.closeAllConnections());
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const answers = await Promise.all(Array.from({ length: 18 }, () => fetchAs(NOBODY)(url)));
  expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(answers.map(() => 'yes'));
  expect(connections).toBe(4);
});
