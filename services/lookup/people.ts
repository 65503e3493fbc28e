/**
 * GET /v1/people/{personKey}: a person's view as JSON, with what it was computed from. It shows what is there and
 * judges nothing. The address holds a person key, so it's never logged.
 */

import type { FastifyInstance } from 'fastify';
import { showPosition } from '#core/answer/show.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import { formatDay, formatTime, formatTimeAs } from '#core/field/time.ts';
import { leaksWithin } from '#core/view/leaks.ts';
import type { Freshness, Snapshot } from '#core/view/snapshot.ts';
import type {
  CodeRegister,
  CodesCut,
  Cut,
  DoseRegister,
  ExposureRegister,
  PersonView,
  SamplingRegister,
  TestRegister,
  TestsCut,
  Version,
} from '#core/view/view.ts';
import { SECURITY } from '#platform/tokens/security.ts';
import type { AdmissionConfig } from './admission.ts';
import type { RecognitionDeps } from './answering.ts';
import type { EntitledConfig } from './entitled.ts';
import { sendFailure } from './failures.ts';
import { PROBLEMS } from './recognitions.ts';
import { PersonParams } from './request-schema.ts';

export function addPeople(
  app: FastifyInstance,
  { source, metrics, admission, limits }: Pick<RecognitionDeps, 'source' | 'metrics' | 'admission' | 'limits'>,
): void {
  const schema = {
    operationId: 'readPerson',
    summary: 'What the exchange holds of a person',
    description:
      'The newest few registers of tests, samplings, codes and exposures, and the doses; with the ' +
      'position and the watermarks that belong to them.',
    tags: ['people'],
    security: SECURITY,
    params: PersonParams,
    response: { 200: { description: 'the view', $ref: 'Person#' }, ...PROBLEMS },
  };
  app.get(
    '/v1/people/:personKey',
    { schema, config: { isHistory: true, mode: 'history' } satisfies AdmissionConfig & EntitledConfig },
    async (request, reply) => {
      const { personKey } = request.params as { personKey: string };
      const key = Buffer.from(personKey, 'hex');
      if (!(await limits.takesPeople(request, reply, [{ key, neighbourhood: null }]))) return reply;
      try {
        return showPerson(await source.read(key, admission.remainingMs(request)));
      } catch (error) {
        return sendFailure(reply, metrics, error);
      }
    },
  );
}

function showPerson(snapshot: Snapshot): object {
  const { view, freshness } = snapshot;
  return {
    view: view === null ? null : showView(view),
    position: showPosition(snapshot),
    freshness: showFreshness(freshness),
  };
}

function showView(view: PersonView): object {
  return {
    tests: [...view.datedTests, ...view.undatedTests].map(showTest),
    testsCut: { dated: view.datedTestsCuts.map(showCut), undated: view.undatedTestsCuts.map(showCut) },
    samplings: view.samplings.map(showSampling),
    samplingsCut: view.samplingsCuts.map(showCut),
    doses: view.doses.map(showDose),
    dosesCut: view.dosesCuts.map(showCut),
    codes: view.codes.map(showCode),
    codesCut: view.codesCuts.map(showCut),
    exposures: view.exposures.map(showExposure),
    exposuresCut: view.exposuresCuts.map(showCut),
    erasedThrough: view.erasedThroughMs === null ? null : formatTime(view.erasedThroughMs),
    erasures: view.publisherErasures.map(({ province, throughMs }) => ({ province, through: formatTime(throughMs) })),
    unreadableRecords: view.unreadable.filter(({ isSettled }) => !isSettled).length,
  };
}

function showVersion({ province, status, issuedAtMs }: Version & { readonly province: ProvinceCode }): object {
  return { province, status, issuedAt: formatTime(issuedAtMs) };
}

function showTest(register: TestRegister): object {
  const { day, laboratory, sampleId, run, method, result, sampledAtMs, sampledAtPrecision, testedAtMs } = register;
  return {
    ...showVersion(register),
    sampleId,
    laboratory,
    run,
    method,
    result,
    withdrawal: register.withdrawn?.id ?? null,
    day: day === null ? null : formatDay(day),
    sampledAt: sampledAtMs === null ? null : formatTimeAs(sampledAtMs, sampledAtPrecision ?? 'millisecond'),
    testedAt: testedAtMs === null ? null : formatTime(testedAtMs),
  };
}

function showSampling(register: SamplingRegister): object {
  const { site, sampleId, sampledAtMs, sampledAtPrecision } = register;
  return { ...showVersion(register), sampleId, site, sampledAt: formatTimeAs(sampledAtMs, sampledAtPrecision) };
}

function showDose(register: DoseRegister): object {
  const { doseId, product, manufacturer, doseNumber, givenAtMs, givenAtPrecision } = register;
  return {
    ...showVersion(register),
    doseId,
    product,
    manufacturer,
    doseNumber,
    givenAt: formatTimeAs(givenAtMs, givenAtPrecision),
  };
}

function showCode(register: CodeRegister): object {
  const { decisionId, state, reason, authority, legalBasis, assignedAtMs, expiresAtMs, appealContact } = register;
  return {
    ...showVersion(register),
    decisionId,
    state,
    reason,
    authority,
    legalBasis,
    assignedAt: formatTime(assignedAtMs),
    expiresAt: expiresAtMs === null ? null : formatTime(expiresAtMs),
    appealContact,
  };
}

function showExposure(register: ExposureRegister): object {
  const { exposureId, riskArea, level, fromMs, toMs } = register;
  return {
    ...showVersion(register),
    exposureId,
    riskArea,
    level,
    from: formatTime(fromMs),
    to: toMs === null ? null : formatTime(toMs),
  };
}

type ShownCut = Cut & Partial<Omit<TestsCut, 'province'>> & Partial<Pick<CodesCut, 'lastEndMs'>>;

function showCut({ province, newestDay, issuedAtMaxMs, lastEndMs }: ShownCut): object {
  const time = (ms: number | null | undefined): string | null => (typeof ms === 'number' ? formatTime(ms) : null);
  return {
    province,
    newestDay: typeof newestDay === 'number' ? formatDay(newestDay) : null,
    issuedAtMax: time(issuedAtMaxMs),
    lastEnd: time(lastEndMs),
  };
}

function showFreshness({ watermarks, incompleteProvinces, leaks }: Freshness): object {
  const provinces = incompleteProvinces.filter((province) => province !== null);
  return {
    watermarks: watermarks.map(({ province, instance, throughMs }) => ({
      province,
      instance,
      through: throughMs <= 0 ? null : formatTime(throughMs),
    })),
    incomplete: { provinces, unknownProvince: provinces.length < incompleteProvinces.length },
    leaks: leaksWithin(leaks).map(({ key, sinceMs }) => ({ key, since: formatTime(sinceMs) })),
  };
}
