/** References are resolved inside the document, in each way that R4 has, and nowhere else. */

import { describe, expect, it } from 'vitest';
import { bundleOf, type Json, parts, said, to } from './support.ts';

/** The report's bundle, with a fullUrl for each resource and references by what it makes of them. */
function referring(
  urlOf: (name: string, resource: Json) => string | null,
  referenceTo: (name: string) => string,
): Json {
  const all = parts();
  Object.assign(all.report, { subject: to(referenceTo('patient')), specimen: [to(referenceTo('specimen'))] });
  all.report['result'] = [to(referenceTo('observation'))];
  Object.assign(all.observation, { subject: to(referenceTo('patient')), specimen: to(referenceTo('specimen')) });
  all.observation['performer'] = [to(referenceTo('laboratory'))];
  const entry = Object.entries(all).map(([name, resource]) => {
    const fullUrl = urlOf(name, resource);
    return fullUrl === null ? { resource } : { fullUrl, resource };
  });
  return { resourceType: 'Bundle', type: 'collection', entry };
}

const relative = (name: string, { resourceType, id } = parts()[name as 'patient']) =>
  `${String(resourceType)}/${String(id)}`;
const uuid = (name: string) =>
  `urn:uuid:00000000-0000-4000-8000-${Object.keys(parts()).indexOf(name).toString().padStart(12, '0')}`;
const absolute = (name: string) => `https://lab.example/fhir/${relative(name)}`;

describe('a reference', () => {
  it.each<[string, (name: string) => string | null, (name: string) => string]>([
    ['relative, to a relative fullUrl', relative, relative],
    ['relative, to a resource’s id without a fullUrl', () => null, relative],
    ['relative, to an absolute fullUrl of the same server', absolute, relative],
    ['absolute', absolute, absolute],
    ['absolute, of one version', absolute, (name) => `${absolute(name)}/_history/3`],
    ['by UUID', uuid, uuid],
  ])('is resolved: %s', async (_, urlOf, referenceTo) => {
    const { sent, refused } = await said(referring(urlOf, referenceTo));
    expect([sent.length, refused]).toEqual([1, []]);
  });
  it('to a resource of another server is not looked for elsewhere', async () => {
    const { sent, refused } = await said(referring(relative, absolute));
    expect(sent).toEqual([]);
    expect(refused.join()).toContain('entry[0].resource.result[0] refers to a resource that isn’t in the document');
  });
  it('that may mean two resources is refused', async () => {
    const { sent, refused } = await said(bundleOf([...Object.values(parts()), parts().patient]));
    expect([sent, refused.join()]).toEqual([
      [],
      expect.stringContaining('Bundle.entry[4].resource.subject may refer to several resources'),
    ]);
  });
  it('to the person by the document alone is read without a Patient', async () => {
    const all = parts();
    const subject = { identifier: (all.patient['identifier'] as unknown[])[0] };
    Object.assign(all.observation, { subject });
    delete all.report['subject'];
    const { report, specimen, laboratory, observation } = all;
    expect((await said(bundleOf([report, specimen, laboratory, observation]))).sent).toHaveLength(1);
  });
  it('to the members of a panel makes them results of its report, but not the panel', async () => {
    const all = parts();
    const panel = { ...parts().observation, id: 'panel', hasMember: [to('Observation/o'), to('Observation/gone')] };
    all.report['result'] = [to('Observation/panel')];
    const heading: Json = { ...panel, code: { text: 'panel' } };
    delete heading['valueCodeableConcept'];
    const { sent, refused, ignored } = await said(bundleOf([...Object.values(all), heading]));
    expect([sent.length, ignored.length, refused]).toEqual([
      1,
      1,
      [
        'Bundle.entry[5].resource.hasMember[1]: ' +
          'Bundle.entry[5].resource.hasMember[1] refers to a resource that isn’t in the document',
      ],
    ]);
  });
  it('to a person among the performers leaves it to the organisation beside', async () => {
    const all = parts();
    const doctor = { resourceType: 'Practitioner', id: 'd' };
    const role = {
      resourceType: 'PractitionerRole',
      id: 'x',
      practitioner: to('#'),
      organization: to('Organization/l'),
    };
    for (const performer of [
      [to('Practitioner/d'), to('Organization/l')],
      [to('Practitioner/elsewhere'), to('Organization/l')],
      [to('PractitionerRole/x')],
      [{ type: 'Organization', display: 'Changsha Lab No. 1' }],
    ]) {
      all.observation['performer'] = performer;
      const { sent } = await said(bundleOf([...Object.values(all), doctor, role]));
      expect(sent.map(({ laboratory }) => laboratory)).toEqual(['Changsha Lab No. 1']);
    }
    all.observation['performer'] = [to('Practitioner/d')];
    expect((await said(bundleOf([...Object.values(all), doctor]))).refused.join()).toContain('names no laboratory');
  });
  it('that goes round in a circle comes to an end', async () => {
    const all = parts();
    all.observation['hasMember'] = [to('Observation/o'), to('#'), to('DiagnosticReport/r')];
    expect((await said(bundleOf(Object.values(all)))).sent).toHaveLength(1);
  });
});
