/**
 * What the registry's guard decides, by its own table. `test/integration/access.test.ts` tries the same on a real
 * registry behind its guard.
 */

import { mayOnRegistry, type RegistryRequest } from '#exchange/topics/registry-access.ts';
import { only, type Row } from './row.ts';
import type { Who } from './who.ts';

const CONFLUENT = '/apis/ccompat/v7';
const OWN = '/apis/registry/v3';
const SUBJECT = 'hutong.events.TestReported';
const FULL = JSON.stringify({ compatibility: 'FULL_TRANSITIVE' });
const NONE = JSON.stringify({ compatibility: 'NONE' });
const SCHEMA = JSON.stringify({ schema: '"string"' });

const asks = ({ principal }: Who, request: Partial<RegistryRequest>): boolean =>
  principal !== null && mayOnRegistry(principal, { method: 'GET', path: '', body: '', ...request });

const anybodyKnown = (name: string): boolean => name !== 'nobody';

export const ON_REGISTRY: readonly Row[] = [
  {
    what: 'read schemas',
    of: ['/subjects', `/subjects/${SUBJECT}/versions`, '/schemas/ids/1', '/config'],
    decided: (who, path: string) => asks(who, { path: `${CONFLUENT}${path}` }),
    may: anybodyKnown,
  },
  {
    what: 'ask for a schema by its text',
    of: [SUBJECT],
    decided: (who, subject: string) =>
      asks(who, { method: 'POST', path: `${CONFLUENT}/subjects/${subject}`, body: SCHEMA }),
    may: anybodyKnown,
  },
  {
    what: 'have it say that every version is compatible with all, which holds anyway',
    of: ['/config'],
    decided: (who, path: string) => asks(who, { method: 'PUT', path: `${CONFLUENT}${path}`, body: FULL }),
    may: anybodyKnown,
  },
  {
    what: 'register a schema',
    of: [SUBJECT],
    decided: (who, subject: string) =>
      asks(who, { method: 'POST', path: `${CONFLUENT}/subjects/${subject}/versions`, body: SCHEMA }),
    may: only('operator'),
  },
  {
    what: 'set the compatibility of a subject',
    of: [SUBJECT],
    decided: (who, subject: string) => asks(who, { method: 'PUT', path: `${CONFLUENT}/config/${subject}`, body: FULL }),
    may: only('operator'),
  },
  {
    what: 'take all schemas out, or put them back under their ids',
    of: ['GET export', 'POST import'],
    decided: (who, of: string) => {
      const [method = '', what = ''] = of.split(' ');
      return asks(who, { method, path: `${OWN}/admin/${what}` });
    },
    may: only('operator'),
  },
];

/** What nobody does, whoever it is: each beside what the operator may do there. */
export const NEVER_ON_REGISTRY: readonly [what: string, (who: Who) => boolean][] = [
  ['deletes a subject', (who) => asks(who, { method: 'DELETE', path: `${CONFLUENT}/subjects/${SUBJECT}` })],
  [
    'deletes one for good',
    (who) => asks(who, { method: 'DELETE', path: `${CONFLUENT}/subjects/${SUBJECT}?permanent=true` }),
  ],
  ['deletes a version', (who) => asks(who, { method: 'DELETE', path: `${CONFLUENT}/subjects/${SUBJECT}/versions/1` })],
  ['deletes by the registry’s own API', (who) => asks(who, { method: 'DELETE', path: `${OWN}/groups/default` })],
  ['lets versions differ', (who) => asks(who, { method: 'PUT', path: `${CONFLUENT}/config`, body: NONE })],
  [
    'lets those of one subject differ',
    (who) => asks(who, { method: 'PUT', path: `${CONFLUENT}/config/${SUBJECT}`, body: NONE }),
  ],
  ['forgets a setting', (who) => asks(who, { method: 'DELETE', path: `${CONFLUENT}/config/${SUBJECT}` })],
];
