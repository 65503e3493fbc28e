/** Options of commands that read files of events: what files don't say of themselves, checked before any is opened. */

import { type Command, InvalidArgumentError, Option } from 'commander';
import { METHODS, TEST_RESULTS } from '#core/events/events.ts';
import { DOCUMENT_TYPES, type DocumentType, normaliseDocument } from '#core/field/identity.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import { parseTime } from '#core/field/time.ts';
import { type MappingSettings, RUN_SEGMENTS, type RunField } from '#exchange/formats/reader.ts';
import { isScreening } from '#exchange/formats/result-codes.ts';
import { type Format, FORMATS } from '#exchange/readers/readers.ts';

export interface FileFlags {
  readonly format?: Format;
  readonly documentType?: DocumentType;
  readonly issuingCountry?: string;
  readonly timeZone: string;
  readonly laboratory?: string;
  readonly runFrom?: RunField;
  readonly testCode?: TestCodes;
  readonly resultWord?: ResultWords;
  readonly training?: boolean;
}

type TestCodes = NonNullable<MappingSettings['testCodes']>;
type ResultWords = NonNullable<MappingSettings['resultWords']>;

export function withFileOptions(command: Command): Command {
  return command
    .addOption(new Option('--format <format>', 'instead of going by the content').choices(FORMATS))
    .addOption(
      new Option(
        '--document-type <type>',
        'for HL7 and FHIR: what the patients’ numbers are where their type doesn’t say it',
      ).choices(DOCUMENT_TYPES),
    )
    .addOption(
      new Option('--issuing-country <code>', 'for HL7 and FHIR: the country of passports that don’t name it').argParser(
        parseCountry,
      ),
    )
    .addOption(
      new Option('--time-zone <offset>', 'for HL7 and FHIR: the offset of times where nothing beside them has one')
        .argParser(parseOffset)
        .default('+08:00'),
    )
    .addOption(new Option('--laboratory <name>', 'for HL7 and FHIR: the laboratory where none is named'))
    .addOption(
      new Option(
        '--run-from <field>',
        'for HL7: where the laboratory puts the name of the run, such as OBR-20 or OBX-18.2',
      ).argParser(parseRunField),
    )
    .addOption(
      new Option(
        '--test-code <code=method>',
        'for HL7 and FHIR: a local code of a test, such as COVPCR=nucleic_acid; may be given again',
      ).argParser(parseTestCode),
    )
    .addOption(
      new Option(
        '--result-word <word=result>',
        'for HL7 and FHIR: a word or number of the laboratory’s own, such as 0=negative; may be given again',
      ).argParser(parseResultWord),
    )
    .addOption(
      new Option('--training', 'for HL7 and FHIR: the exchange is for training, so take what is marked as not live'),
    );
}

export function mappingOf(province: ProvinceCode, flags: FileFlags): MappingSettings {
  const { timeZone, laboratory, documentType, issuingCountry, runFrom, testCode, resultWord, training } = flags;
  return {
    province,
    timeZone,
    laboratory,
    documentType,
    issuingCountry,
    runFrom,
    testCodes: testCode,
    resultWords: resultWord,
    isTraining: training ?? false,
  };
}

export function parseUrl(text: string): URL {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text))
    throw new InvalidArgumentError('It is no http or https address.');
  return new URL(text);
}

/** Held against the rule of the passport, with a number that is beyond doubt. */
function parseCountry(code: string): string {
  const checked = normaliseDocument({ documentType: 'passport', issuingCountry: code, documentNumber: 'A0000000' });
  if (checked.ok) return checked.country;
  throw new InvalidArgumentError(`It is ${checked.fault.detail}: ${checked.fault.hint}.`);
}

export function parseRunField(text: string): RunField {
  const [, name, field, component = '1'] = /^([A-Z]{3})-(\d{1,2})(?:\.(\d{1,2}))?$/.exec(text) ?? [];
  const segment = RUN_SEGMENTS.find((known) => known === name);
  if (segment === undefined || Number(field) < 1 || Number(component) < 1)
    throw new InvalidArgumentError(`It is a field of ${RUN_SEGMENTS.join(', ')}, such as OBR-20 or OBX-18.2.`);
  return { segment, field: Number(field), component: Number(component) };
}

function parseTestCode(text: string, earlier: TestCodes = {}): TestCodes {
  const [, code = '', named] = /^([^=]{1,64})=(.+)$/.exec(text) ?? [];
  const method = METHODS.find((known) => known === named);
  if (method === undefined)
    throw new InvalidArgumentError(`It is a code and ${METHODS.join(' or ')}, such as COVPCR=nucleic_acid.`);
  return { ...earlier, [code]: method };
}

function parseResultWord(text: string, earlier: ResultWords = {}): ResultWords {
  const at = text.lastIndexOf('=');
  const [word, result] = [text.slice(0, at), TEST_RESULTS.find((known) => known === text.slice(at + 1))];
  if (at < 1 || result === undefined || (result === 'positive' && isScreening(word)))
    throw new InvalidArgumentError(`It is a word and one of ${TEST_RESULTS.join(', ')}; 初筛 is no positive.`);
  return { ...earlier, [word]: result };
}

function parseOffset(text: string): string {
  const offset = /^[+-]\d{4}$/.test(text) ? `${text.slice(0, 3)}:${text.slice(3)}` : text;
  if (parseTime(`2020-01-01T00:00${offset}`) === null)
    throw new InvalidArgumentError('It is an offset such as +08:00.');
  return offset === 'Z' || offset === 'z' ? '+00:00' : offset;
}
