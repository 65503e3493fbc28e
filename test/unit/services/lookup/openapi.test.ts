/**
 * The API documentation: OpenAPI 3.1, every route in it, every schema a schema, every example an example.
 */

import { Ajv2020 } from 'ajv/dist/2020.js';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lookupApp } from '#test/support/lookup-app.ts';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly requestBody?: { readonly content: Record<string, { readonly schema: object }> };
  readonly responses: Record<
    string,
    { readonly description: string; readonly content: Record<string, { readonly schema: object }> }
  >;
}

let app: FastifyInstance;
let document: {
  openapi: string;
  info: object;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object & { examples?: unknown[] }> };
};

beforeAll(async () => {
  app = (await lookupApp()).app;
  document = (await app.inject({ url: '/openapi.json' })).json();
});
afterAll(() => app.close());

const operations = () => Object.values(document.paths).flatMap((path) => Object.values(path));

describe('the document', () => {
  it('is OpenAPI 3.1 and names every route', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(document.info).toMatchObject({ title: expect.any(String), version: expect.any(String) });
    expect(
      Object.fromEntries(Object.entries(document.paths).map(([path, methods]) => [path, Object.keys(methods)])),
    ).toEqual({
      '/v1/recognitions': ['post'],
      '/v1/recognitions/all-destinations': ['post'],
      '/v1/recognitions/batch': ['post'],
      '/v1/people/{personKey}': ['get'],
      '/v1/sources': ['get'],
      '/v1/freshness': ['get'],
    });
  });
  it('describes every operation and answer', () => {
    expect(new Set(operations().map(({ operationId }) => operationId)).size).toBe(operations().length);
    for (const { operationId, summary, description, responses } of operations()) {
      expect(summary).not.toBe('');
      expect(description).not.toBe('');
      const ofCaller = operationId === 'readFreshness' ? [] : ['400', '401', '403', '429'];
      expect(Object.keys(responses)).toEqual(['200', ...ofCaller, '500', '503']);
      for (const response of Object.values(responses)) expect(response.description).not.toBe('');
      expect(Object.keys(responses['503']?.content ?? {})).toEqual(['application/problem+json']);
    }
  });
  it('holds schemas of JSON Schema 2020-12 whose references lead somewhere, and examples that they accept', () => {
    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema(document, 'openapi');
    const schemas = [
      ...operations().flatMap(({ requestBody, responses }) => [
        requestBody?.content['application/json']?.schema,
        ...Object.values(responses).flatMap(({ content }) => Object.values(content).map(({ schema }) => schema)),
      ]),
      ...Object.values(document.components.schemas),
    ].filter((schema) => schema !== undefined);
    expect(schemas.length).toBeGreaterThan(10);
    for (const schema of schemas)
      ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"openapi#/components')) as object);
    const { examples = [], ...request } = document.components.schemas['RecognitionRequest'] ?? {};
    expect(examples.map((example) => ajv.validate(request, example))).toEqual([true]);
  });
  it('has an example that is answered', async () => {
    const [payload] = document.components.schemas['RecognitionRequest']?.examples ?? [];
    expect((await app.inject({ method: 'POST', url: '/v1/recognitions', payload: payload as object })).statusCode).toBe(
      200,
    );
  });
  it('describes exactly what is answered', async () => {
    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema(document, 'openapi');
    const answered = (
      await app.inject({
        method: 'POST',
        url: '/v1/recognitions',
        payload: {
          destination: '44',
          purpose: 'entry',
          personKey: '00'.repeat(16),
          authorisation: { consent: 'b' },
        },
      })
    ).json() as object;
    const schema = document.components.schemas['Answer'] as { properties: object };
    expect(Object.keys(answered).sort()).toEqual(Object.keys(schema.properties).sort());
    expect(ajv.validate('openapi#/components/schemas/Answer', answered)).toBe(true);
  });
  it('is shown as pages', async () => {
    expect((await app.inject({ url: '/docs' })).statusCode).toBe(200);
  });
});
