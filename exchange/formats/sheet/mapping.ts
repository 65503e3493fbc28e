/**
 * What a sender's spreadsheets mean: which column is which field, which word is which value, and what they never say.
 * It is written once by who knows them, and then kept. It must hold no word that makes a positive of a first screening.
 */

import { type Static, Type } from '@sinclair/typebox';
import { Ajv } from 'ajv';
import { EVENT_LIMITS, STATUSES, TEST_RESULTS } from '#core/events/events.ts';
import { DOCUMENT_TYPES } from '#core/field/identity.ts';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { parseTime } from '#core/field/time.ts';
import { fault, type Reading, taken } from '#exchange/formats/format-fault.ts';
import { isScreening } from '#exchange/formats/result-codes.ts';
import { lazily } from '#platform/lazily.ts';
import { choice, closed } from '#platform/schema.ts';
import { sameForm } from './cell.ts';

/** `retracted`: the report is withdrawn; `no_result_yet`: refused until there is one; `ignored`: another disease's. */
export const RESULT_READINGS = [...TEST_RESULTS, 'retracted', 'no_result_yet', 'ignored'] as const;
export const DATE_ORDERS = ['year_first', 'month_first', 'day_first'] as const;
export const SERIAL_DATES = ['1900', '1904'] as const;

const name = (description: string) => Type.String({ minLength: 1, maxLength: 200, description });
const own = (description: string) => Type.String({ minLength: 1, maxLength: EVENT_LIMITS.textCharsMax, description });
const words = <T extends Parameters<typeof Type.Record>[1]>(value: T) => Type.Record(Type.String(), value);

/** Those that every row has. */
const NEEDED_COLUMNS = {
  documentNumber: name('of the person’s document'),
  sampleId: name('the laboratory’s number of the sample'),
  result: name('what `values.result` gives a meaning to'),
  reportIssuedAt: name('when the report was issued'),
};

/** Those that stand in a column or are the same in all rows. */
const EITHER = ['documentType', 'laboratory', 'method', 'status'] as const;

const OTHER_COLUMNS = [
  ...EITHER,
  'issuingCountry',
  'tubeId',
  'run',
  'specimen',
  'poolSize',
  'sampledAt',
  'accessionedOn',
  'testedAt',
  'birthDate',
  'sex',
] as const;

export type Column = keyof typeof NEEDED_COLUMNS | (typeof OTHER_COLUMNS)[number];

/** What a file of tubes may say. */
export const TUBE_FIELDS = [
  'result',
  'reportIssuedAt',
  'laboratory',
  'method',
  'status',
  'run',
  'specimen',
  'poolSize',
  'testedAt',
  'accessionedOn',
  'sampledAt',
] as const satisfies readonly Column[];

/** In a mapping that was only proposed. */
export const TO_FILL = '?';

/** Columns whose words mean nothing but by the mapping. */
const WORDED = ['documentType', 'method', 'status', 'specimen', 'sex'] as const;

export const SheetMappingSchema = Type.Object(
  {
    title: Type.Optional(name('of whom, and which export')),
    province: choice(PROVINCE_CODES, 'that publishes'),
    timeZone: Type.String({ pattern: '^[+-]\\d{2}:\\d{2}$', description: 'of times that state none, such as +08:00' }),
    dateOrder: Type.Optional(choice(DATE_ORDERS, 'of dates with the year last; without it these are refused')),
    serialDates: Type.Optional(choice(SERIAL_DATES, 'the year in which day 1 lies where a bare number is a time')),
    filesEndWithoutLineEnd: Type.Optional(
      Type.Boolean({ description: 'that the last row has no line’s end, so that one is no sign of a cut' }),
    ),
    columns: Type.Object(
      {
        ...NEEDED_COLUMNS,
        ...Object.fromEntries(OTHER_COLUMNS.map((column) => [column, Type.Optional(name('as the header has it'))])),
      } as typeof NEEDED_COLUMNS & Record<(typeof OTHER_COLUMNS)[number], ReturnType<typeof optionalName>>,
      closed,
    ),
    tubes: Type.Optional(
      Type.Object(
        {
          tubeId: name(
            'of the tube, as the header of the file of tubes has it; `columns.tubeId` is that of the people',
          ),
          fields: Type.Array(choice(TUBE_FIELDS, 'of `columns`, which stand in the file of tubes'), { minItems: 1 }),
        },
        { ...closed, description: 'where results come by tube in one file, and people by tube in another' },
      ),
    ),
    constants: Type.Optional(
      Type.Object(
        {
          documentType: Type.Optional(choice(DOCUMENT_TYPES, 'of all rows')),
          issuingCountry: Type.Optional(Type.String({ minLength: 2, maxLength: 3, description: 'of passports' })),
          laboratory: Type.Optional(own('of all rows')),
          method: Type.Optional(own('nucleic_acid, antigen, …')),
          status: Type.Optional(choice(STATUSES, 'of all rows')),
          specimen: Type.Optional(own('of all rows')),
          poolSize: Type.Optional(Type.Integer({ minimum: 1, maximum: EVENT_LIMITS.poolSizeMax })),
        },
        closed,
      ),
    ),
    values: Type.Object(
      {
        result: words(choice(RESULT_READINGS, 'what the word in the result’s column means')),
        documentType: Type.Optional(words(choice(DOCUMENT_TYPES, 'what the word means'))),
        method: Type.Optional(words(own('nucleic_acid, antigen, …; `ignored`: another disease’s'))),
        status: Type.Optional(words(choice(STATUSES, 'what the word means'))),
        specimen: Type.Optional(words(own('nasopharyngeal_swab, …'))),
        sex: Type.Optional(words(choice(['male', 'female'], 'what the word means'))),
        poolSize: Type.Optional(
          words(
            Type.Union([Type.Integer({ minimum: 1, maximum: EVENT_LIMITS.poolSizeMax }), Type.Literal('pooled')], {
              description: 'samples in the tube; `pooled`: more than one, and how many isn’t said',
            }),
          ),
        ),
      },
      closed,
    ),
  },
  closed,
);

function optionalName() {
  return Type.Optional(name(''));
}

export type SheetMapping = Static<typeof SheetMappingSchema>;

const isMapping = lazily(() => new Ajv({ allErrors: false, strict: false }).compile<SheetMapping>(SheetMappingSchema));

/** @param value of a mapping file, as JSON */
export function readMapping(value: unknown): Reading<SheetMapping> {
  const validate = isMapping();
  if (!validate(value)) {
    const { instancePath = '', message = 'has another form', params = {} } = validate.errors?.[0] ?? {};
    const which = Object.values(params as Record<string, unknown>).filter((one) => typeof one === 'string');
    return fault(instancePath, [message, ...which].join(': '), 'write it as exchange/formats/sheet/mapping.ts says');
  }
  return faultIn(value) ?? taken(value);
}

function faultIn(mapping: SheetMapping): Reading<never> | null {
  const { columns, constants = {}, values, timeZone } = mapping;
  if (parseTime(`2020-01-01T00:00${timeZone}`) === null)
    return fault('/timeZone', 'is no offset', 'write one such as +08:00');
  const open = [columns, constants, ...Object.values(values)].flatMap((part) => Object.entries((part ?? {}) as object));
  const unfilled = open.find(([, is]) => is === TO_FILL);
  if (unfilled !== undefined)
    return fault('', `says ${TO_FILL} where nobody has filled it in yet`, 'write what each stands for');
  const neither = EITHER.find((field) => (columns[field] === undefined) === (constants[field] === undefined));
  if (neither !== undefined)
    return fault(`/columns/${neither}`, 'is either a column or one of the constants', 'name it in one of the two');
  const wordless = WORDED.find((field) => columns[field] !== undefined && values[field] === undefined);
  if (wordless !== undefined)
    return fault(`/values/${wordless}`, 'is missing for a column of words', 'write what each word means');
  const tubesFault = faultOfTubes(mapping);
  if (tubesFault !== null) return tubesFault;
  if (partsOf(mapping).some((part) => hasTwice(Object.values(part))))
    return fault('/columns', 'names one column twice', 'name a column of its own for each field');
  const screened = Object.entries(values.result).find(([word, is]) => is === 'positive' && isScreening(word));
  return screened === undefined
    ? null
    : fault('/values/result', 'makes a positive of a first screening (初筛)', 'write no_result_yet for it');
}

function faultOfTubes({ columns, tubes }: SheetMapping): Reading<never> | null {
  if (tubes === undefined) return null;
  if (columns.tubeId === undefined)
    return fault('/columns/tubeId', 'is missing, by which people and tubes belong together', 'name it');
  if (!tubes.fields.includes('result'))
    return fault('/tubes/fields', 'has no result', 'name what the tubes’ file holds');
  const unnamed = tubes.fields.find((field) => columns[field] === undefined);
  return unnamed === undefined ? null : fault(`/columns/${unnamed}`, 'is missing for a field of tubes', 'name it');
}

type Columns = Readonly<Partial<Record<Column, string>>>;

/** The columns of the people, and those of the tubes where these have a file of their own. */
export function partsOf({ columns, tubes }: SheetMapping): readonly [people: Columns, tubes: Columns] {
  if (tubes === undefined) return [columns, {}];
  const ofTubes: ReadonlySet<string> = new Set(tubes.fields);
  const all = Object.entries(columns);
  // Where samples have no number of their own, the tube's stands for it: a person has one sample in a tube.
  const isSame = columns.tubeId !== undefined && sameForm(columns.tubeId) === sameForm(columns.sampleId);
  return [
    Object.fromEntries(all.filter(([field]) => !ofTubes.has(field) && !(isSame && field === 'tubeId'))),
    { ...Object.fromEntries(all.filter(([field]) => ofTubes.has(field))), tubeId: tubes.tubeId },
  ];
}

function hasTwice(names: readonly string[]): boolean {
  return new Set(names.map(sameForm)).size < names.length;
}
