/** From a report in FHIR to an event: each field; and what is missing, by its FHIRPath. */

import { describe, expect, it } from 'vitest';
import { map, message, SETTINGS } from '#test/unit/exchange/formats/support.ts';
import {
  alone,
  bundle,
  bundleOf,
  type Json,
  NEGATIVE,
  NI,
  type Parts,
  parts,
  POSITIVE,
  said,
  SNOMED,
  to,
  OBSERVATION,
  REPORT,
  PATIENT,
  SPECIMEN,
  eventOf,
  refusedOf,
} from './support.ts';

describe('a complete report', () => {
  it('is the event that the same report in HL7 is', async () => {
    const ofHl7 = map(message()).events[0]?.event;
    const instants = ['sampledAt', 'testedAt', 'reportIssuedAt'] as const;
    const inMs = (event: typeof ofHl7) =>
      ({ ...event, ...Object.fromEntries(instants.map((field) => [field, Date.parse(event?.[field] ?? '')])) }) as Json;
    expect(inMs(await eventOf())).toEqual(inMs(ofHl7));
  });
  it('may be an observation alone, with what it refers to contained in it', async () => {
    expect((await said(alone())).sent).toEqual([
      { ...(await eventOf()), testedAt: null, reportIssuedAt: '2022-08-01T10:00:00+08:00' },
    ]);
  });
  it('may be one of several in a line each', async () => {
    const text = `${JSON.stringify(bundle())}\n${JSON.stringify(alone())}\n`;
    expect((await said(text)).sent).toHaveLength(2);
  });
  it.each(['message', 'transaction', 'batch', 'collection'])('may stand in a bundle of type %s', async (type) => {
    expect((await said(bundleOf(Object.values(parts()), type))).sent).toHaveLength(1);
  });
  it.each(['history', 'searchset', 'transaction-response', 'document'])(
    'is refused in one of type %s',
    async (type) => {
      const { sent, refused } = await said(bundleOf(Object.values(parts()), type));
      expect([sent, refused]).toEqual([
        [],
        [`${OBSERVATION}: Bundle.type is none of message, transaction, batch, collection`],
      ]);
    },
  );
  it('may stand in a bundle within a batch', async () => {
    const { sent } = await said(bundleOf([bundle(), bundle(({ report }) => (report['id'] = 'r2'))], 'batch'));
    expect(sent).toHaveLength(2);
  });
});

describe('what is missing', () => {
  it.each<[string, (changed: Parts) => void]>([
    [`${REPORT}.issued is missing`, ({ report }) => delete report['issued']],
    [`${OBSERVATION}.value is missing`, ({ observation }) => delete observation['valueCodeableConcept']],
    [`${OBSERVATION}.status is missing`, ({ observation }) => delete observation['status']],
    [`${REPORT}.status is missing`, ({ report }) => delete report['status']],
    [`${PATIENT}.identifier holds no identifier`, ({ patient }) => delete patient['identifier']],
    [`${REPORT}.identifier holds no number of the sample`, ({ report }) => delete report['identifier']],
    [
      `${OBSERVATION}.performer names no laboratory`,
      ({ observation }) => {
        delete observation['performer'];
      },
    ],
    [
      `${OBSERVATION}.subject is missing`,
      ({ report, observation }) => {
        delete report['subject'];
        delete observation['subject'];
      },
    ],
    [`${OBSERVATION}.subject refers to a resource that isn’t`, ({ patient }) => (patient['id'] = 'other')],
    [`${OBSERVATION}.performer[0] refers to a resource that isn’t`, ({ laboratory }) => (laboratory['id'] = 'x')],
  ])('is named by its FHIRPath: %s', async (reason, change) => {
    expect(await refusedOf(change)).toContain(reason);
  });
  it('is not missing where something else may say it', async () => {
    expect(await eventOf(({ specimen }) => delete specimen['collection'])).toMatchObject({ sampledAt: null });
    const effective = await eventOf(({ specimen, observation }) => {
      delete specimen['collection'];
      observation['effectivePeriod'] = { start: '2022-08-01T08:00+08:00', end: '2022-08-01T08:05+08:00' };
    });
    expect(effective).toMatchObject({ sampledAt: '2022-08-01T08:00+08:00' });
    const nobody = await eventOf(({ observation }) => delete observation['performer'], {
      ...SETTINGS,
      laboratory: 'L',
    });
    expect(nobody).toMatchObject({ laboratory: 'L' });
  });
  it('and what has another form than R4 gives it, is told by its place', async () => {
    expect(await refusedOf(({ observation }) => (observation['code'] = { coding: [{ code: 7 }] }))).toContain(
      `${OBSERVATION}.code.coding[0].code has another form`,
    );
    expect(await refusedOf(({ observation }) => (observation['modifierExtension'] = [{ url: 'x' }]))).toContain(
      `${OBSERVATION}.modifierExtension may change what the resource means`,
    );
  });
});

describe('a time', () => {
  const sampled = (text: string) => (changed: Parts) =>
    Object.assign(changed.specimen, { collection: { collectedDateTime: text } });
  it.each([
    ['2022-08-01', '2022-08-01'],
    ['2022-08-01T08:12Z', '2022-08-01T08:12Z'],
    ['2022-08-01 08:12:30+0800', '2022-08-01T08:12:30+08:00'],
    ['2022-08-01T08:12:30.1234567890+08:00', '2022-08-01T08:12:30.123456789+08:00'],
  ])('%s is read as %s', async (written, iso) => {
    expect(await eventOf(sampled(written))).toMatchObject({ sampledAt: iso });
  });
  it.each([
    ['2022-08-01T08:12:30', 'has no zone, while other times of the result have one'],
    ['2022-08', 'does not say the day'],
    ['2022-08-01T08', 'says the hour without the minute'],
    ['2022-02-30T08:00:00+08:00', 'can’t be read as a time'],
    ['01/08/2022 08:12', 'can’t be read as a time'],
    ['2022-07-01T08:12:30+08:00', 'lies more than 14 days after the sampling'],
  ])('%s is refused', async (written, reason) => {
    expect(await refusedOf(sampled(written))).toContain(reason);
  });
  it('without a zone is in the sender’s where no other time has one', async () => {
    const event = await eventOf(
      ({ report, observation, specimen }) => {
        report['issued'] = '2022-08-01T11:30:00';
        observation['issued'] = '2022-08-01T10:00:00';
        specimen['receivedTime'] = '2022-08-01 09:00';
        specimen['collection'] = { collectedDateTime: '2022-08-01T08:12:00' };
      },
      { ...SETTINGS, timeZone: '+06:00' },
    );
    expect(event).toMatchObject({
      sampledAt: '2022-08-01T08:12:00+06:00',
      reportIssuedAt: '2022-08-01T11:30:00+06:00',
    });
  });
});

describe('a value', () => {
  const valued =
    (value: Json) =>
    ({ observation }: Parts) => {
      delete observation['valueCodeableConcept'];
      Object.assign(observation, value);
    };
  it.each<[Json, string]>([
    [{ valueCodeableConcept: POSITIVE }, 'positive'],
    [{ valueCodeableConcept: { text: '阴性' } }, 'negative'],
    [{ valueString: 'Not detected' }, 'negative'],
    [{ interpretation: [{ coding: [{ code: 'POS' }] }] }, 'positive'],
    [{ valueCodeableConcept: NEGATIVE, interpretation: [{ coding: [{ code: 'N' }] }] }, 'negative'],
  ])('%j is %s', async (value, result) => {
    expect(await eventOf(valued(value))).toMatchObject({ result });
  });
  it.each<[Json, string]>([
    [{ valueCodeableConcept: { ...NEGATIVE, text: 'Positive' } }, 'contradicts itself'],
    [{ valueCodeableConcept: NEGATIVE, interpretation: [{ coding: [{ code: 'POS' }] }] }, 'contradicts itself'],
    [{ valueCodeableConcept: { coding: [{ system: SNOMED, code: '1234' }] } }, 'the code 1234 (SNOMED CT)'],
    [{ valueString: 'Anna' }, 'not shown, as it might name a person'],
    [{ valueQuantity: { value: 18.2 } }, 'is of a kind that holds no result'],
    [{ dataAbsentReason: { text: 'not-performed' } }, 'is missing: no result'],
  ])('%j is refused', async (value, reason) => {
    expect(await refusedOf(valued(value))).toContain(`${OBSERVATION}.value`);
    expect(await refusedOf(valued(value))).toContain(reason);
  });
});

describe('a pool', () => {
  const pooled =
    (value: object, members: number) =>
    ({ observation, specimen }: Parts) => {
      observation['valueCodeableConcept'] = value;
      specimen['parent'] = Array.from({ length: members }, (_, index) => to(`Specimen/m${index}`));
    };
  it('that is negative is negative for each of its members, one that is positive says nothing of any', async () => {
    expect(await eventOf(pooled(NEGATIVE, 10))).toMatchObject({ result: 'negative', poolSize: 10 });
    expect(await eventOf(pooled(POSITIVE, 10))).toMatchObject({ result: 'indeterminate', poolSize: 10 });
  });
  it('may have its size in an extension', async () => {
    const size = await eventOf(
      ({ specimen }) => (specimen['extension'] = [{ url: 'x', extension: [{ url: 'SPM.13', valueInteger: 5 }] }]),
    );
    expect(size).toMatchObject({ poolSize: 5 });
  });
  it.each(['urn:lab:pool-size', 'https://lab.example/StructureDefinition/samplePoolSize', 'urn:x:SPM.13'])(
    'whose size stands in an extension is taken for one person’s sample: %s',
    async (url) => {
      const size = ({ observation, specimen }: Parts) => {
        observation['valueCodeableConcept'] = POSITIVE;
        specimen['extension'] = [{ url, valueInteger: 10 }];
      };
      expect(await eventOf(size)).toMatchObject({ result: 'indeterminate', poolSize: 10 });
    },
  );
  it.each<[string, (changed: Parts, text: string) => void]>([
    ['the test’s', ({ observation }, text) => Object.assign(observation['code'] as Json, { text })],
    ['the report’s', ({ report }, text) => Object.assign(report['code'] as Json, { text })],
    ['the specimen’s', ({ specimen }, text) => Object.assign(specimen['type'] as Json, { text })],
  ])('that only %s name calls one is taken for one person’s sample', async (_, name) => {
    const positive = (text: string) => (changed: Parts) => {
      changed.observation['valueCodeableConcept'] = POSITIVE;
      name(changed, text);
    };
    expect(await eventOf(positive('新冠核酸10合1'))).toMatchObject({ result: 'indeterminate', poolSize: 10 });
    expect(await refusedOf(positive('新冠核酸混检'))).toContain(`${SPECIMEN}.parent is missing`);
    expect(await eventOf(positive('新冠核酸3合1'))).toMatchObject({ result: 'positive', poolSize: null });
  });
  it('that R5’s element calls one is taken for one person’s sample', async () => {
    const url = 'http://hl7.org/fhir/5.0/StructureDefinition/extension-Specimen.combined';
    const refusal = await refusedOf(({ specimen }) => (specimen['extension'] = [{ url, valueCode: 'pooled' }]));
    expect(refusal).toContain(`${SPECIMEN}.parent is missing`);
  });
  it('that only shows by two people’s one number makes a positive of each', async () => {
    const all = parts();
    const ofOther = { subject: to('Patient/p2') };
    const other = {
      ...all.patient,
      id: 'p2',
      identifier: [{ type: NI, value: '110101199003070038' }],
      gender: 'male',
      birthDate: '1990-03-07',
    };
    all.observation['valueCodeableConcept'] = POSITIVE;
    const second = { ...all.observation, ...ofOther, id: 'o2' };
    const { sent, refused } = await said(
      bundleOf([...Object.values(all), other, second, { ...all.report, ...ofOther, result: [to('Observation/o2')] }]),
    );
    expect([sent, refused.length, refused[0]]).toEqual([[], 2, expect.stringContaining('stands for several people')]);
  });
  it('without a size is refused', async () => {
    const unsized = await refusedOf(({ observation }) => (observation['valueCodeableConcept'] = { text: '混检阳性' }));
    expect(unsized).toContain(`${SPECIMEN}.parent is missing`);
  });
});
