/** What of a bundle is a result, what is ignored by design, and what isn’t taken as it stands. */

import { describe, expect, it } from 'vitest';
import { SETTINGS } from '#test/unit/exchange/formats/support.ts';
import {
  bundle,
  bundleOf,
  type Json,
  LOINC,
  NEGATIVE,
  type Parts,
  parts,
  POSITIVE,
  said,
  to,
  OBSERVATION,
  eventOf,
  refusedOf,
} from './support.ts';

describe('what an observation is about', () => {
  const coded =
    (coding: Json, text = 'COVID-19') =>
    ({ observation }: Parts) =>
      Object.assign(observation, { code: { coding: [coding], text } });
  it('is told by LOINC or by the sender’s own list, never by a wording alone', async () => {
    const own = coded({ system: 'urn:lab', code: 'COVPCR' }, '新冠核酸检测结果');
    expect(
      await refusedOf((changed) => own(Object.assign(changed, { report: { ...changed.report, code: {} } }))),
    ).toContain('by a text alone');
    const local = await eventOf(own, { ...SETTINGS, testCodes: { COVPCR: 'antigen' } });
    expect(local).toMatchObject({ method: 'antigen' });
  });
  it('has a result by the sender’s own words and numbers, and by no number else', async () => {
    const settings = { ...SETTINGS, resultWords: { '0': 'negative', false: 'negative', H: 'positive' } } as const;
    const valued = (value: Json) => (changed: Parts) => {
      delete changed.observation['valueCodeableConcept'];
      Object.assign(changed.observation, value);
    };
    for (const value of [{ valueInteger: 0 }, { valueBoolean: false }, { valueString: '0' }]) {
      expect(await eventOf(valued(value), settings)).toMatchObject({ result: 'negative' });
      expect(await refusedOf(valued(value))).toContain('.value');
    }
    expect(await refusedOf(valued({ valueInteger: 2 }), settings)).toContain('.value is of a kind');
    expect(await refusedOf(valued({ valueString: '初筛阳性' }))).toContain('is of a first screening');
  });
  it.each<[string, Json, string]>([
    ['without LOINC’s system', { code: '94500-6' }, 'COVID-19'],
    ['speaks of an earlier result', { system: LOINC, code: '94500-6' }, 'Previous COVID-19 PCR result'],
    ['antibodies', { system: LOINC, code: '94563-4' }, 'COVID-19 IgG'],
    ['a panel of several viruses', { system: LOINC, code: '95423-0' }, 'Influenza A'],
  ])('is refused where it is unclear: %s', async (reason, coding, text) => {
    expect(await refusedOf(coded(coding, text))).toContain(reason);
  });
  it('of another disease is ignored by design, and named', async () => {
    const { sent, refused, ignored } = await said(bundle(coded({ system: LOINC, code: '85478-6' }, 'Flu B')));
    expect([sent, refused, ignored]).toEqual([
      [],
      [],
      [`${OBSERVATION}: ${OBSERVATION}.code is no result of a test for SARS-CoV-2`],
    ]);
  });
  it('that no report names is no result; one that has a test’s code is refused', async () => {
    const stray = { ...parts().observation, id: 'o2' };
    const question = { ...stray, id: 'o3', code: { coding: [{ system: LOINC, code: '95419-8' }] } };
    const { sent, refused, ignored } = await said(bundleOf([...Object.values(parts()), stray, question]));
    expect(sent).toHaveLength(1);
    expect(refused.join()).toContain('is a result that no report of the document names');
    expect(ignored.join()).toContain('no report of the document names it');
  });
  it('may stand in its components, each a result of its own', async () => {
    const { sent, ignored } = await said(
      bundle(({ observation }) => {
        delete observation['valueCodeableConcept'];
        observation['component'] = [
          { code: { coding: [{ system: LOINC, code: '94500-6' }] }, valueCodeableConcept: POSITIVE },
          { code: { coding: [{ system: LOINC, code: '85478-6' }] }, valueCodeableConcept: NEGATIVE },
        ];
      }),
    );
    expect(sent.map(({ result }) => result)).toEqual(['positive']);
    expect(ignored).toHaveLength(1);
  });
});

describe('a bundle that isn’t to be taken as it stands', () => {
  it('is refused where it is marked as not live, but on a training exchange', async () => {
    const tag = [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0103', code: 'T' }];
    const training = { ...bundle(), meta: { tag } };
    expect((await said(training)).refused.join()).toContain('is marked as training');
    expect((await said(training, { ...SETTINGS, isTraining: true })).sent).toHaveLength(1);
  });
  it('has its transaction’s deletions refused, and its questions ignored', async () => {
    const entry = [
      { request: { method: 'DELETE', url: 'Observation/o' } },
      { request: { method: 'GET', url: 'Patient/p' } },
      { resource: { id: 'x' } },
    ];
    const { refused, ignored } = await said({ resourceType: 'Bundle', type: 'transaction', entry });
    expect(refused).toEqual([
      'Bundle.entry[0]: Bundle.entry[0].request.method deletes a result, without saying which',
      'Bundle.entry[2]: Bundle.entry[2].resource is no resource',
    ]);
    expect(ignored).toEqual(['Bundle.entry[1]: Bundle.entry[1].request.method only asks for something']);
  });
  it('has two reports’ claim on one observation refused, and a report without results', async () => {
    const all = Object.values(parts());
    const twice = await said(bundleOf([...all, { ...parts().report, id: 'r2' }]));
    expect([twice.sent, twice.refused.join()]).toEqual([
      [],
      `${OBSERVATION}:  is a result of several reports of the document`,
    ]);
    const { refused } = await said(bundleOf([...all, { ...parts().report, id: 'r2', result: [] }]));
    expect(refused.join()).toContain('Bundle.entry[5].resource.result is missing');
  });
  it('has results that contradict each other refused, and an equal one ignored', async () => {
    const two = (value: object) => {
      const { report, observation, ...others } = parts();
      const second = { ...observation, id: 'o2', valueCodeableConcept: value };
      const both = { ...report, result: [to('Observation/o'), to('Observation/o2')] };
      return bundleOf([both, ...Object.values(others), observation, second]);
    };
    expect((await said(two(POSITIVE))).refused).toHaveLength(2);
    const equal = await said(two(NEGATIVE));
    expect([equal.sent.length, equal.ignored.length, equal.refused]).toEqual([1, 1, []]);
  });
  it('may hold several versions of one report, issued one after the other', async () => {
    const { report, observation, ...others } = parts();
    const later = {
      ...report,
      id: 'r2',
      status: 'corrected',
      issued: '2022-08-01T15:00:00+08:00',
      result: [to('Observation/o2')],
    };
    const corrected = { ...observation, id: 'o2', status: 'corrected', valueCodeableConcept: POSITIVE };
    const versions = await said(bundleOf([later, report, ...Object.values(others), observation, corrected]));
    expect([versions.sent.map(({ status }) => status), versions.refused]).toEqual([['final', 'corrected'], []]);
    const antigen = { ...corrected, code: { coding: [{ system: LOINC, code: '94558-4' }] } };
    const mixed = await said(bundleOf([later, report, ...Object.values(others), observation, antigen]));
    expect([mixed.sent, mixed.refused.length]).toEqual([[], 2]);
  });
  it('has what was overlooked told of results that are taken, and of no other', async () => {
    const late = ({ observation }: Parts) => (observation['issued'] = '2022-08-01T23:00:00+08:00');
    expect((await said(bundle(late))).notes.join()).toContain('the result is taken without it');
    const two = bundle((changed) => {
      late(changed);
      changed.report['result'] = [to('Observation/o'), to('Observation/o2')];
    });
    (two['entry'] as Json[]).push({ resource: { ...parts().observation, id: 'o2', valueCodeableConcept: POSITIVE } });
    const { notes, refused } = await said(two);
    expect([notes, refused.length]).toEqual([[], 2]);
  });
  it('has a code of all SARS viruses left out beside a result of its own report alone', async () => {
    const related = { ...parts().observation, id: 'x', code: { coding: [{ system: LOINC, code: '94502-2' }] } };
    const beside = bundle(({ report }) => (report['result'] = [to('Observation/o'), to('Observation/x')]));
    (beside['entry'] as Json[]).push({ resource: related });
    expect(await said(beside)).toMatchObject({ refused: [], ignored: [expect.stringContaining('left out beside')] });
    const own = { ...parts().report, id: 'r2', result: [to('Observation/x')] };
    const { sent, refused } = await said(bundleOf([...Object.values(parts()), own, related]));
    expect([sent.length, refused.join()]).toEqual([1, expect.stringContaining('not SARS-CoV-2 alone')]);
  });
  it('is refused by one fault where it has more than anybody sends', async () => {
    const many = (count: number, one: Json) => bundleOf(Array.from({ length: count }, () => one));
    expect((await said(many(50_001, {}))).refused).toEqual(['Bundle: Bundle.entry holds more than 50000 entries']);
    const observations = await said(many(10_001, { resourceType: 'Observation' }));
    expect(observations.refused).toEqual([':  holds more than 10000 records']);
    const codings = { resourceType: 'Observation', code: { coding: Array.from({ length: 101 }, () => ({})) } };
    expect((await said(codings)).refused.join()).toContain('Observation.code.coding has another form');
    const result = Array.from({ length: 10_001 }, () => to('Observation/o'));
    const { sent, refused } = await said(bundle(({ report }) => Object.assign(report, { result })));
    expect([sent, refused.length]).toEqual([[], 2]);
  });
  it('is refused where a name stands twice in what is read, and taken where nobody reads it', async () => {
    const text = JSON.stringify(bundle());
    const twice = await said(
      text.replace('"valueCodeableConcept"', '"issued":"2022-08-01T09:00:00+08:00","valueCodeableConcept"'),
    );
    expect([twice.sent, twice.refused]).toEqual([[], [': entry[4].resource.issued has this name twice in one object']]);
    const address = text.replace('"gender"', '"address":[{"line":["a"],"line":["b"]}],"gender"');
    expect((await said(address)).sent).toHaveLength(1);
  });
});
