/**
 * The schemas of the registry: asked for once, kept for ever, and never taken for missing while the registry is ill.
 */

import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { forRecordsInHand, RegistrySchemas } from '#exchange/topics/registry.ts';
import { CURRENT, RECORD_NAMES, subjectOf } from '#exchange/topics/schemas.ts';

const URL = 'http://registry/apis/ccompat/v7';
const asked: string[] = [];
/** The registry's schemas by id; an id is told only once it is in here. */
let held: Map<number, string>;
/** Answers every request with this status when set. */
let failure: number | null;
/** What happens once the registry has taken a setting: it has then read its journal. */
let onSetting: () => void;

const answer = (body: object | null) => new Response(JSON.stringify(body ?? {}), { status: body === null ? 404 : 200 });

async function registry(
  url: string,
  { method = 'GET', body }: { method?: string; body?: string } = {},
): Promise<Response> {
  const path = url.slice(URL.length);
  asked.push(`${method} ${path}`);
  await Promise.resolve();
  if (failure !== null) return new Response('', { status: failure });
  if (path === '/config') {
    onSetting();
    return answer({});
  }
  if (method === 'POST') {
    const { schema } = JSON.parse(body ?? '') as { schema: string };
    const id = [...held].find(([, text]) => text === schema)?.[0];
    return answer(id === undefined ? null : { id });
  }
  const schema = held.get(Number(path.split('/').at(-1)));
  return answer(schema === undefined ? null : { schema });
}

beforeEach(() => {
  asked.length = 0;
  failure = null;
  onSetting = () => undefined;
  held = new Map(RECORD_NAMES.map((name, index) => [index + 1, CURRENT[name].text]));
  vi.stubGlobal('fetch', registry);
});
afterEach(() => void vi.unstubAllGlobals());

async function started(): Promise<RegistrySchemas> {
  const schemas = new RegistrySchemas({ url: URL, identity: null });
  await schemas.currentIds();
  asked.length = 0;
  return schemas;
}

const OTHER = JSON.stringify({ type: 'record', namespace: 'n', name: 'Other', fields: [] });

describe('the ids of its own schemas', () => {
  it('are asked for by subject and text, and are then at hand', async () => {
    const schemas = new RegistrySchemas({ url: URL, identity: null });
    await expect(schemas.currentIds()).resolves.toEqual(
      Object.fromEntries(RECORD_NAMES.map((name, index) => [name, index + 1])),
    );
    expect(asked).toEqual(RECORD_NAMES.map((name) => `POST /subjects/${subjectOf(CURRENT[name].text)}`));
    expect(schemas.cached(1)).toEqual({ name: 'TestReported', type: CURRENT.TestReported.type });
    expect(schemas.cached(99)).toBeUndefined();
  });
  it('are missed where they aren’t registered, with the mend', async () => {
    held.delete(1);
    await expect(new RegistrySchemas({ url: URL, identity: null }).currentIds()).rejects.toMatchObject({
      code: 'REGISTRY_SCHEMA_MISSING',
      retriable: false,
      hint: expect.stringContaining('register') as string,
    });
  });
});

describe('another schema', () => {
  it('is fetched once, however many ask for it at the same time or later', async () => {
    const schemas = await started();
    held.set(99, OTHER);
    const found = await Promise.all([schemas.fetch(99), schemas.fetch(99), schemas.fetch(99)]);
    await schemas.fetch(99);
    expect(new Set(found).size).toBe(1);
    expect(found[0]?.name).toBe('Other');
    expect(schemas.cached(99)).toBe(found[0]);
    expect(asked).toEqual(['GET /schemas/ids/99']);
  });
  it('of another kind than Avro has no name, so it is no event', async () => {
    const schemas = await started();
    held.set(99, 'syntax = "proto3";');
    await expect(schemas.fetch(99)).resolves.toMatchObject({ name: '' });
  });
});

describe('an id that the registry doesn’t know', () => {
  it('is null when it has read its journal and still holds our own, and is asked for again the next time', async () => {
    const schemas = await started();
    await expect(schemas.fetch(99)).resolves.toBeNull();
    expect(asked).toEqual(['GET /schemas/ids/99', 'PUT /config', 'GET /schemas/ids/1', 'GET /schemas/ids/99']);
    held.set(99, OTHER);
    await expect(schemas.fetch(99)).resolves.toMatchObject({ name: 'Other' });
  });
  it('is found when the registry had only not read its journal to the end', async () => {
    const schemas = await started();
    onSetting = () => held.set(99, OTHER);
    await expect(schemas.fetch(99)).resolves.toMatchObject({ name: 'Other' });
  });
  it('is asked for once for all records that lie in the log already, not by each of them', async () => {
    const schemas = await started();
    const inHand = forRecordsInHand(schemas);
    for (let record = 0; record < 100; record += 1)
      expect(inHand.cached(99) === null || (await inHand.fetch(99)) === null).toBe(true);
    expect(asked).toHaveLength(4);
    // A later record may have been written with a schema that was registered meanwhile.
    held.set(99, OTHER);
    await expect(forRecordsInHand(schemas).fetch(99)).resolves.toMatchObject({ name: 'Other' });
  });
  it('is asked for anew by who comes meanwhile, since it may be there by now; by all of them at once', async () => {
    const schemas = await started();
    vi.stubGlobal('fetch', async (...given: Parameters<typeof registry>) => {
      const answered = await registry(...given);
      if (asked.length === 4) held.set(99, OTHER); // registered when the asking under way has just been told no
      return answered;
    });
    const first = schemas.fetch(99);
    const later = [schemas.fetch(99), schemas.fetch(99), schemas.fetch(99)];
    await expect(first).resolves.toBeNull();
    for (const found of await Promise.all(later)) expect(found).toMatchObject({ name: 'Other' });
    expect(asked).toHaveLength(5);
  });
  it('is no dead letter where the registry has lost all its schemas', async () => {
    const schemas = await started();
    held.clear();
    await expect(schemas.fetch(99)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE', retriable: true });
  });
});

describe('a registry that is ill or away', () => {
  it.each([500, 503, 429])('answering %i holds the partition', async (status) => {
    const schemas = await started();
    failure = status;
    await expect(schemas.fetch(99)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE', retriable: true });
    failure = null;
    held.set(99, OTHER);
    await expect(schemas.fetch(99)).resolves.toMatchObject({ name: 'Other' });
  });
  it('not answering at all holds the partition', async () => {
    const schemas = await started();
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('fetch failed');
    });
    await expect(schemas.fetch(99)).rejects.toMatchObject({
      code: 'REGISTRY_UNAVAILABLE',
      retriable: true,
      hint: expect.stringContaining(URL) as string,
    });
  });
  it.each<[string, RequestListener]>([
    [
      'breaks off in the body',
      (_request, response) =>
        void response
          .writeHead(200, { 'content-length': '500' })
          .write('{"schema":"', () => setTimeout(() => response.destroy(), 20)),
    ],
    ['sends a page instead', (_request, response) => void response.end('<html>maintenance</html>')],
    ['sends something else', (_request, response) => void response.end('{"message":"welcome"}')],
    ['sends nothing', (_request, response) => void response.end()],
    ['hangs in the body', (_request, response) => void response.writeHead(200, { 'content-length': '500' }).write('{')],
  ])('that %s holds the partition: it must not end the materialiser', async (_what, listener) => {
    vi.unstubAllGlobals();
    vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(new DOMException('too late', 'TimeoutError')), 200);
      return controller.signal;
    });
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const schemas = new RegistrySchemas({
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        identity: null,
      });
      await expect(schemas.fetch(99)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE', retriable: true });
      await expect(schemas.currentIds()).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE', retriable: true });
      expect(schemas.cached(99)).toBeUndefined();
    } finally {
      vi.restoreAllMocks();
      server.closeAllConnections();
      server.close();
    }
  });
});
