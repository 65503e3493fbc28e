/** What `hutong erasures list` says of requests: who asked, what is hidden, and at which publishers it is open. */

import { describe, expect, it } from 'vitest';
import type { PersonEvent } from '#core/events/events.ts';
import { merge } from '#core/view/merge.ts';
import { EMPTY_VIEW, type PersonView } from '#core/view/view.ts';
import { codeAssigned, personErased, testReported } from '#exercises/town/events.ts';
import { type Listed, printErasures } from '#services/cli/erasures/list.ts';
import { openAt, requestsOf } from '#services/cli/erasures/requests.ts';

const A = Buffer.from('aaaaaaaaaaaaaaaa');
const B = Buffer.from('bbbbbbbbbbbbbbbb');
const viewOf = (...events: readonly PersonEvent[]): PersonView => events.reduce(merge, EMPTY_VIEW);
const own = (given: Partial<Parameters<typeof personErased>[0]> = {}) =>
  personErased({ takes: 'own', erasesThroughMs: 100, ...given });

describe('requests', () => {
  it('are those of a person together, the latest last', () => {
    const [first, second, other] = [own({ erasesThroughMs: 200 }), own(), own()];
    const requests = requestsOf([
      { key: A, event: first },
      { key: B, event: other },
      { key: A, event: second },
    ]);
    expect(requests).toEqual([
      { key: A, erasures: [second, first] },
      { key: B, erasures: [other] },
    ]);
  });
});

describe('a request', () => {
  const open = (view: PersonView | null, ...erasures: readonly ReturnType<typeof own>[]) =>
    requestsOf(erasures.map((event) => ({ key: A, event }))).flatMap((request) => openAt(request, view));
  const shown = viewOf(testReported({ province: '44', acceptedAtMs: 1 }), codeAssigned({ province: '11' }));
  it('is open at the publishers that still show something', () => {
    expect(open(shown, own())).toEqual(['11', '44']);
    expect(open(EMPTY_VIEW, own())).toEqual([]);
    expect(open(null, own())).toEqual([]);
  });
  it('is open nowhere once the national role has erased for all, whoever sends something later', () => {
    expect(open(shown, own(), personErased({ erasesThroughMs: 100 }))).toEqual([]);
    expect(open(shown, personErased({ erasesThroughMs: 100 }))).toEqual([]);
  });
  it('is open again when the person asks once more', () => {
    expect(open(shown, personErased({ erasesThroughMs: 100 }), own({ erasesThroughMs: 101 }))).toEqual(['11', '44']);
  });
  it('isn’t open at a publisher that erased its own as late', () => {
    expect(open(shown, own(), own({ province: '44' }))).toEqual(['11']);
    expect(open(shown, own(), own({ province: '44', erasesThroughMs: 99 }))).toEqual(['11', '44']);
  });
});

describe('the list', () => {
  const listed: Listed[] = [
    { key: A, erasures: [own({ erasureId: 'R1' })], open: ['44'] },
    { key: B, erasures: [personErased({ erasureId: 'R2' })], open: [] },
  ];
  const printed = (given: Partial<Parameters<typeof printErasures>[1]>): string => {
    const lines: string[] = [];
    printErasures(listed, { all: false, rowsMax: 50, asJson: false, ...given }, (line) => void lines.push(line));
    return lines.join('\n');
  };
  it('has what is open, with where, and all if asked', () => {
    expect(printed({})).toContain('Guangdong');
    expect(printed({})).toContain('2 people asked to be erased; of 1 some publisher still shows something');
    expect(printed({})).not.toContain('R2');
    expect(printed({ all: true })).toContain('R2');
    expect(printed({ all: true, rowsMax: 1 })).toContain('and 1 more: --limit 2 shows them.');
  });
  it('is JSON if asked, a line for each person', () => {
    expect(JSON.parse(printed({ asJson: true }))).toMatchObject({
      personKey: A.toString('hex'),
      erasures: [{ erasureId: 'R1', takes: 'own', province: '43' }],
      openAt: ['44'],
    });
  });
});
