/**
 * Who may do what on the schema registry: one pure table. What isn't in it is refused, to the operator too: so no
 * schema is ever deleted, for each id that records bear must mean the same for ever.
 */

import { isPrincipal, OPERATOR } from '#exchange/identity/principals.ts';

export interface RegistryRequest {
  readonly method: string;
  /** As it was sent, with its query. */
  readonly path: string;
  /** Empty where there is none. */
  readonly body: string;
}

interface Right {
  readonly methods: readonly string[];
  /** Of the whole path, without its query. */
  readonly path: RegExp;
  /** What the body must be, to the letter: a name that stands twice would have two readers differ. */
  readonly body?: string;
}

/** Each version of a subject is compatible with all others: nobody may have it otherwise. */
const FULL = JSON.stringify({ compatibility: 'FULL_TRANSITIVE' });
const CONFLUENT = '/apis/ccompat/v[67]';
const OWN = '/apis/registry/v3';
const NAME = '[A-Za-z0-9._%-]+';
const right = (methods: readonly string[], path: string, body?: string): Right => ({
  methods,
  path: new RegExp(`^${path}$`),
  ...(body === undefined ? {} : { body }),
});

/** Of every principal. */
const READ: readonly Right[] = [
  right(['GET', 'HEAD'], `${CONFLUENT}/(subjects|schemas|config|mode|contexts)(/${NAME})*`),
  right(['GET', 'HEAD'], `${OWN}/(groups|ids|search|system)(/${NAME})*`),
  // By its text, and whether a text would be compatible.
  right(['POST'], `${CONFLUENT}/subjects/${NAME}`),
  right(['POST'], `${CONFLUENT}/compatibility/subjects/${NAME}/versions(/${NAME})?`),
  // To be told what holds anyway: a registry that takes a setting has read its journal before.
  right(['PUT'], `${CONFLUENT}/config`, FULL),
];
const DEPLOY: readonly Right[] = [
  right(['POST'], `${CONFLUENT}/subjects/${NAME}/versions`),
  right(['PUT'], `${CONFLUENT}/config/${NAME}`, FULL),
  right(['GET'], `${OWN}/admin/export`),
  // It refuses ids that are taken.
  right(['POST'], `${OWN}/admin/import`),
];

/** What two readers of a path might take for another one. */
const AMBIGUOUS = /\/\.|%2[ef]|%5c|%00|%25|\\|;/i;

export function mayOnRegistry(principal: string, { method, path, body }: RegistryRequest): boolean {
  if (!isPrincipal(principal)) return false;
  const [plain = ''] = path.split('?', 1);
  if (AMBIGUOUS.test(plain)) return false;
  return [...READ, ...(principal === OPERATOR ? DEPLOY : [])].some(
    (one) => one.methods.includes(method) && one.path.test(plain) && (one.body === undefined || one.body === body),
  );
}
