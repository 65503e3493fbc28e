/**
 * Builds the look-up's HTTP side. It connects to nothing and listens nowhere: main.ts does, and tests inject.
 */

import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import type { Caller } from '#exchange/identity/caller.ts';
import { BODIES_BYTES_MAX, createHttp, type HttpOptions } from '#platform/http.ts';
import type { CallerGuard } from '#platform/tokens/caller-guard.ts';
import { boundCallers, CALLER_SHARE_LIMITS } from '#platform/tokens/caller-shares.ts';
import { SECURITY_SCHEMES } from '#platform/tokens/security.ts';
import { Admission, type AdmissionLimits } from './admission.ts';
import { AllDestinationsAnswerSchema, AnswerSchema, BatchAnswerSchema } from './answer-schema.ts';
import type { RecognitionDeps } from './answering.ts';
import { CallerLimits, type CallerLimitsOptions } from './caller-limits.ts';
import { requireMode } from './entitled.ts';
import { addPeople } from './people.ts';
import { PersonViewSchema } from './person-view-schema.ts';
import { ProblemSchema } from './problem-schema.ts';
import { addRecognitions } from './recognitions.ts';
import { AllDestinationsRequest, RecognitionRequest } from './request-schema.ts';
import { FreshnessSchema, SourcesSchema } from './sources-schema.ts';
import { addPublicFreshness, addSources, LastSources, type SourcesDeps } from './sources.ts';
import { boundedSource, type ViewSource } from './view-source.ts';

export interface LookupDeps
  extends
    Omit<RecognitionDeps, 'metrics' | 'source' | 'admission' | 'limits'>,
    Pick<HttpOptions, 'logger' | 'metrics' | 'readiness' | 'hosts' | 'tls' | 'revoked' | 'metricsReaders'>,
    Pick<SourcesDeps, 'readSources' | 'edition'> {
  readonly source: ViewSource;
  readonly limits: AdmissionLimits;
  readonly callerLimits: CallerLimitsOptions;
  readonly guard: CallerGuard<Caller>;
}

const DOCUMENT = {
  openapi: '3.1.0',
  info: {
    title: 'Hutong look-up',
    version: '1',
    description:
      'Whether a person’s nucleic-acid test is recognised at a destination, by which rule, on what ' +
      'evidence and from what data. Times are ISO 8601 with an offset; days are of Asia/Shanghai. Errors ' +
      'are problem documents (RFC 9457).',
  },
  components: { securitySchemes: SECURITY_SCHEMES },
  servers: [{ url: '/', description: 'this service, on the loopback interface only' }],
  tags: [
    { name: 'recognitions', description: 'is it recognised?' },
    { name: 'people', description: 'what is known?' },
    { name: 'sources', description: 'how do the provinces fare?' },
  ],
};

export function buildApp(deps: LookupDeps): FastifyInstance {
  const { logger, metrics, readiness, hosts, tls, revoked, metricsReaders, guard } = deps;
  const source = boundedSource(deps.source, deps.limits.timeLimitMs, () => performance.now());
  const admission = new Admission(deps.limits, metrics);
  const ofSources = { ...deps, timeLimitMs: deps.limits.timeLimitMs };
  const last = new LastSources(ofSources);
  const limits = new CallerLimits(deps.callerLimits, guard, metrics, deps.now);
  // As it was sent or not at all: a number that became a text, or a field that was dropped unseen, would be another
  // question.
  const customOptions = {
    coerceTypes: false,
    removeAdditional: false,
    useDefaults: true,
    discriminator: true,
    allErrors: false,
    verbose: true, // so that a fault can tell what may stand there
  } as const;
  const app = createHttp({
    logger,
    metrics,
    readiness,
    ...(hosts === undefined ? {} : { hosts }),
    ...(tls === undefined ? {} : { tls }),
    ...(revoked === undefined ? {} : { revoked }),
    ...(metricsReaders === undefined ? {} : { metricsReaders }),
    fastify: { ajv: { customOptions } },
  });
  for (const schema of [
    RecognitionRequest,
    AllDestinationsRequest,
    AnswerSchema,
    BatchAnswerSchema,
    AllDestinationsAnswerSchema,
    PersonViewSchema,
    SourcesSchema,
    FreshnessSchema,
    ProblemSchema,
  ])
    app.addSchema(schema);
  app.register(swagger, { openapi: DOCUMENT, refResolver: { buildLocalReference: (json) => json['$id'] as string } });
  app.register(swaggerUi, { routePrefix: '/docs' });
  app.register(async (routes) => {
    routes.addHook('onError', async (_request, _reply, error) => {
      metrics
        .counter('hutong_lookup_failures_total')
        .inc({ problem: (error.statusCode ?? 500) < 500 ? 'malformed' : 'internal' });
    });
    routes.register(async (asking) => {
      admission.guard(asking);
      requireMode(asking, guard);
      const share = { ...CALLER_SHARE_LIMITS, bodiesBytesMax: BODIES_BYTES_MAX };
      boundCallers(asking, (request) => guard.callerOf(request).id, share, metrics);
      limits.protect(asking);
      addRecognitions(asking, { ...deps, source, admission, limits });
      addPeople(asking, { source, metrics, admission, limits });
      addSources(asking, last, ofSources);
    });
    addPublicFreshness(routes, last, ofSources);
    routes.get('/openapi.json', { schema: { hide: true } as object }, async () => app.swagger());
  });
  return app;
}
