/**
 * Which folder may import which, types included, in one table; and that there is no circle among files or folders. The
 * linter sees neither: it takes no notice of `import type`, and its bans per folder can't be read as a whole.
 */

import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { circleIn } from '#test/support/graph.ts';
import { importsOf, resolveImport, SOURCES, type Source } from '#test/support/sources.ts';

/** Everything that may be below: a folder stands for itself and, with a star, for all folders in it. */
const SHARED = ['core/*', 'platform/*', 'exchange/*'];

/**
 * A folder → the folders that it may import, besides itself. What isn't in the list of a folder is forbidden to it. A
 * folder that isn't in the table goes by the entry of the nearest folder above it that is. An entry with a star is that
 * of each folder in one, for itself.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'core/field': [],
  'core/events': ['core/field'],
  'core/withdrawals': ['core/field'],
  'core/view': ['core/field', 'core/events', 'core/keys', 'core/withdrawals'],
  'core/vouch': [],
  'core/keys': ['core/field'],
  'core/question': ['core/field', 'core/events', 'core/view'],
  'core/terms': ['core/field', 'core/view', 'core/question'],
  'core/codes': ['core/field', 'core/events', 'core/view', 'core/terms'],
  'core/trial': ['core/field', 'core/view', 'core/question', 'core/terms'],
  // Each kind is a room of its own: none may import another, nor the table of them.
  'core/clauses/*': ['core/field', 'core/view', 'core/question', 'core/terms', 'core/trial'],
  'core/clauses': ['core/field', 'core/view', 'core/question', 'core/terms', 'core/trial', 'core/clauses/*'],
  'core/rules': ['core/field', 'core/view', 'core/question', 'core/terms', 'core/clauses'],
  'core/book': ['core/field', 'core/question', 'core/terms', 'core/codes', 'core/trial', 'core/clauses', 'core/rules'],
  'core/decision': ['core/field', 'core/view', 'core/question', 'core/terms', 'core/trial', 'core/rules', 'core/book'],
  'core/answer': [
    'core/field',
    'core/events',
    'core/withdrawals',
    'core/view',
    'core/question',
    'core/terms',
    'core/codes',
    'core/trial',
    'core/rules',
    'core/book',
    'core/decision',
  ],
  'platform/limits': [],
  platform: ['core/field', 'platform/limits'],
  'platform/tokens': ['platform', 'platform/limits'],
  'platform/kafka': ['platform', 'platform/limits'],
  'exchange/identity': ['core/field', 'core/rules', 'platform/*'],
  'exchange/keys': ['core/field', 'core/keys', 'platform', 'platform/kafka', 'exchange/identity'],
  'exchange/topics': [
    'core/events',
    'core/field',
    'core/keys',
    'core/vouch',
    'core/withdrawals',
    'platform/*',
    'exchange/identity',
    'exchange/keys',
  ],
  'exchange/view': [
    'core/field',
    'core/events',
    'core/withdrawals',
    'core/view',
    'core/vouch',
    'platform/*',
    'exchange/identity',
    'exchange/topics',
  ],
  'exchange/fold': [
    'core/events',
    'core/field',
    'core/view',
    'core/vouch',
    'core/withdrawals',
    'platform/*',
    'exchange/keys',
    'exchange/topics',
    'exchange/view',
  ],
  'exchange/formats': ['core/events', 'core/field', 'platform'],
  'exchange/formats/hl7': ['core/events', 'core/field', 'exchange/formats'],
  // What an observation means is told once, by HL7's tables.
  'exchange/formats/fhir': ['core/*', 'exchange/formats', 'exchange/formats/hl7', 'exchange/formats/json'],
  'exchange/formats/sheet': ['core/events', 'core/field', 'platform', 'exchange/formats'],
  'exchange/readers': ['core/events', 'core/field', 'platform', 'exchange/formats/*'],
  'exchange/door': ['platform'],
  'exchange/intake': [
    'core/events',
    'core/field',
    'platform',
    'exchange/formats',
    'exchange/formats/json',
    'exchange/identity',
  ],
  'exchange/policy/schema': ['core/*'],
  'exchange/policy': ['core/*', 'platform', 'platform/limits', 'exchange/policy/schema'],
  'services/*': SHARED,
  'services/cli': ['platform', 'exchange/topics', 'services/cli/*'],
  'services/cli/shared': SHARED,
  // Each noun is a room of its own: none imports another.
  'services/cli/*': [...SHARED, 'services/cli/shared'],
  'infra/process': ['platform'],
  'infra/build': ['platform', 'infra/process'],
  'infra/issuer': ['core/field', 'exchange/identity', 'platform/*'],
  'infra/registry-guard': ['exchange/topics', 'platform'],
  'infra/parts': [
    'core/field',
    'platform',
    'exchange/identity',
    'exchange/topics',
    'exchange/view',
    'infra/build',
    'infra/process',
  ],
  'infra/stack': [
    'core/field',
    'platform/*',
    'exchange/identity',
    'exchange/keys',
    'exchange/topics',
    'exchange/view',
    'infra/build',
    'infra/process',
    'infra/issuer',
    'infra/parts',
  ],
  'infra/tests': ['infra/process'],
  infra: ['core/field', 'platform', 'infra/*'],
  'exercises/town': [...SHARED, 'infra/build'],
  'exercises/oracle': [...SHARED, 'infra/*'],
  'exercises/planted': ['core/events', 'core/view'],
  'exercises/demo': [...SHARED, 'infra/*', 'exercises/town', 'exercises/oracle', 'exercises/planted'],
  'exercises/scale': [...SHARED, 'infra/*', 'exercises/town', 'exercises/oracle'],
  'exercises/fuzz': [...SHARED, 'infra/*', 'exercises/town', 'exercises/oracle'],
  // Of the services it measures one as it is, in a process of its own.
  'exercises/bench': [...SHARED, 'services/lookup', 'infra/*', 'exercises/town', 'exercises/scale'],
  'exercises/matrix': [...SHARED, 'infra/*', 'exercises/town', 'exercises/oracle'],
  'exercises/mutants': ['platform'],
  'exercises/faults/proxy': ['platform'],
  'exercises/faults/scene': [...SHARED, 'infra/*', 'exercises/town', 'exercises/oracle', 'exercises/faults/proxy'],
  'exercises/faults/kinds': [
    ...SHARED,
    'infra/*',
    'exercises/town',
    'exercises/oracle',
    'exercises/faults/proxy',
    'exercises/faults/scene',
  ],
  'exercises/faults/checks': [...SHARED, 'exercises/town', 'exercises/oracle', 'exercises/faults/scene'],
  'exercises/faults': [...SHARED, 'infra/*', 'exercises/town', 'exercises/oracle', 'exercises/faults/*'],
  test: [...SHARED, 'services/*', 'infra/*', 'exercises/*', 'test/*'],
};

/** A package → the folders whose files alone may import it: what it's like is known in one place. */
const ONLY_IN: Readonly<Record<string, readonly string[]>> = {
  'csv-parse/sync': ['exchange/formats/sheet'],
  'read-excel-file/node': ['exchange/formats/sheet'],
  kafkajs: ['platform/kafka', 'exchange/topics', 'infra/*', 'exercises/*', 'test/*'],
  '@kafkajs/confluent-schema-registry': ['exchange/topics', 'test/*'],
  ioredis: ['platform', 'infra/*', 'exercises/*', 'test/*'],
  fastify: ['platform', 'platform/tokens', 'services/producer', 'services/lookup', 'test/*'],
  'prom-client': ['platform', 'test/*'],
  'env-schema': ['platform', 'test/*'],
  'cluster-key-slot': ['exchange/view'],
  '@peculiar/x509': ['exchange/identity'],
  jose: ['platform/tokens', 'infra/*', 'exercises/bench', 'exercises/matrix', 'test/*'],
  oauth4webapi: ['platform/tokens'],
  'oidc-provider': ['infra/*'],
  rolldown: ['infra/build'],
};

/** The core is pure: besides itself it imports nothing but these. */
const CORE_PACKAGES = ['node:crypto', 'node:buffer', 'i18n-iso-countries/index.js', '@sinclair/typebox'];

const names = (pattern: string, folder: string): boolean =>
  pattern.endsWith('/*')
    ? folder === pattern.slice(0, -2) || folder.startsWith(pattern.slice(0, -1))
    : folder === pattern;

/** The room that a folder belongs to: a folder of the table, or one of many that an entry with a star stands for. */
function roomOf(folder: string): string | null {
  for (let room = folder; room !== '.'; room = dirname(room)) if (entryOf(room) !== undefined) return room;
  return null;
}

const entryOf = (room: string): readonly string[] | undefined => MAY_IMPORT[room] ?? MAY_IMPORT[`${dirname(room)}/*`];

interface Arrow {
  readonly from: string;
  readonly name: string;
  /** Null: a package. */
  readonly to: string | null;
}

const arrowsOf = ({ file, text }: Source): Arrow[] =>
  importsOf(text).map((name) => ({ from: file, name, to: resolveImport(name, file) }));

function faultOf({ from, name, to }: Arrow): string | null {
  const folder = dirname(from);
  if (to === null) {
    const only = ONLY_IN[name];
    if (only !== undefined && !only.some((pattern) => names(pattern, folder)))
      return `${from} imports ${name}, which only ${only.join(', ')} may`;
    if (names('core/*', folder) && !CORE_PACKAGES.includes(name)) return `${from} imports ${name}: the core is pure`;
    return null;
  }
  const room = roomOf(folder);
  if (room === null) return `${from} lies in a folder that the table doesn't know`;
  const target = dirname(to);
  if (target === folder || roomOf(target) === room) return null;
  return (entryOf(room) ?? []).some((pattern) => names(pattern, target))
    ? null
    : `${room} imports ${target}: ${from} → ${to}`;
}

function graphOf(arrows: readonly Arrow[], nodeOf: (file: string) => string): Map<string, Set<string>> {
  const graph = new Map<string, Set<string>>();
  for (const { from, to } of arrows) {
    if (to === null || nodeOf(to) === nodeOf(from)) continue;
    const targets = graph.get(nodeOf(from)) ?? new Set();
    graph.set(nodeOf(from), targets.add(nodeOf(to)));
  }
  return graph;
}

// tidy.test.ts holds sources as texts, which look like imports.
const ARROWS = SOURCES.filter(({ file }) => file !== 'test/unit/tidy.test.ts').flatMap(arrowsOf);

describe('imports', () => {
  it('are looked at', () => {
    expect(ARROWS.length).toBeGreaterThan(1_000);
  });
  it('go only where the table lets them', () => {
    expect(ARROWS.map(faultOf).filter((fault) => fault !== null)).toEqual([]);
  });
  it('form no circle among files, those of types counted', () => {
    expect(circleIn(graphOf(ARROWS, (file) => file))).toBeNull();
  });
  it('form no circle among folders, those of types counted', () => {
    const ofSources = ARROWS.filter(({ from }) => !from.startsWith('test/'));
    expect(circleIn(graphOf(ofSources, dirname))).toBeNull();
  });
});

describe('the table', () => {
  it('lets nothing import what imports it', () => {
    const rooms = Object.keys(MAY_IMPORT);
    const graph = new Map(
      rooms.map((room) => [
        room,
        new Set(rooms.filter((other) => other !== room && MAY_IMPORT[room]?.some((pattern) => names(pattern, other)))),
      ]),
    );
    expect(circleIn(graph)).toBeNull();
  });
  it('names only folders that there are', () => {
    const folders = new Set(SOURCES.map(({ file }) => dirname(file)));
    const lost = Object.keys(MAY_IMPORT).filter(
      (room) => ![...folders].some((folder) => names(room.endsWith('/*') ? room : `${room}/*`, folder)),
    );
    expect(lost).toEqual([]);
  });
  it.each([
    ['core/view/a.ts', '#core/decision/decide.ts'],
    ['core/clauses/result/a.ts', '#core/clauses/tests/schema.ts'],
    ['core/clauses/result/a.ts', '#core/clauses/kinds.ts'],
    ['core/view/a.ts', 'node:fs'],
    ['core/view/a.ts', 'kafkajs'],
    ['platform/a.ts', '#exchange/topics/topics.ts'],
    ['services/producer/a.ts', '#services/lookup/app.ts'],
    ['services/materialiser/a.ts', '#services/cli/program.ts'],
    ['exchange/fold/a.ts', '#services/materialiser/main.ts'],
    ['exchange/view/a.ts', 'ioredis'],
    ['infra/stack/a.ts', '#test/support/exchange.ts'],
    ['exercises/demo/a.ts', '#test/support/exchange.ts'],
    ['elsewhere/a.ts', '#core/view/merge.ts'],
  ])('refuses what it should: %s imports %s', (file, name) => {
    expect(arrowsOf({ file, text: `import type { a } from '${name}';` }).map(faultOf)).toEqual([expect.any(String)]);
  });
});
