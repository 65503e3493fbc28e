/** What a contract test says of the registry: nothing where nobody named one, and missing isn't the same as away. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import type { HttpAccess } from '#platform/fetch-as.ts';
import { schemasFound } from '#services/cli/contract/registered.ts';

async function registry(status: number, body: object): Promise<HttpAccess> {
  const server = createServer((_request, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
  );
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, identity: null };
}

it('says nothing where nobody named one, or all schemas are there', async () => {
  expect(await schemasFound(null)).toBeNull();
  expect(await schemasFound(await registry(200, { id: 1, version: 1, subject: 's', schema: '{}' }))).toBeNull();
});
it('tells a schema that isn’t there from a registry that doesn’t answer', async () => {
  const missing = await registry(404, { error_code: 40403, message: 'no schema' });
  expect(await schemasFound(missing)).toMatchObject({ step: 'record', code: 'schema-not-registered' });
  expect(await schemasFound({ url: 'http://127.0.0.1:1', identity: null })).toMatchObject({
    step: 'warning',
    code: 'registry-away',
  });
});
