/**
 * What a laboratory writes as a result's value, by code and by wording, and which of the exchange's four results it
 * means. The sender's own words come first, as its profile gives them.
 * A wording must match whole: "no virus detected yet" must never be read as "detected".
 *
 * Sources: SNOMED CT findings as ELR implementation guides for SARS-CoV-2 list them, LOINC answers, HL7 table 0078.
 */

import type { TestResult } from '#core/events/events.ts';

/** Longer values are documents, not results. */
export const VALUE_CHARS_MAX = 4_096;

const CODES: Readonly<Record<TestResult, string>> = {
  positive: '260373001 10828004 720735008 52101004 11214006 840533007 1240581000000104 LA6576-8 LA11882-0 POS DET',
  negative: '260415000 260385009 895231008 2667000 131194007 1240591000000102 LA6577-6 LA11883-8 NEG NDET',
  // 462371000124108: detected in a pool, which doesn't say whose sample it was.
  indeterminate: '419984006 42425007 82334004 462371000124108 LA9663-1 LA11884-6 IND',
  invalid: '125154007 455371000124106 373121007 281268007 INV',
};

const WORDINGS: Readonly<Record<TestResult, readonly string[]>> = {
  positive: [
    'positive',
    'pos',
    'detected',
    'det',
    'reactive',
    'presumptive positive',
    'presumptively positive',
    'weak positive',
    'weakly positive',
    'low positive',
    '阳性',
    '阳性(+)',
    '阳',
    '弱阳性',
    '检出',
    '检测到',
  ],
  negative: [
    'negative',
    'neg',
    'not detected',
    'none detected',
    'undetected',
    'ndet',
    'non-reactive',
    'nonreactive',
    'non reactive',
    'absent',
    'presumptive negative',
    'presumptively negative',
    'not detected in pooled specimen',
    '阴性',
    '阴性(-)',
    '阴',
    '未检出',
    '未检测到',
  ],
  indeterminate: [
    'inconclusive',
    'inconclusive result',
    'indeterminate',
    'ind',
    'equivocal',
    'borderline',
    'detected in pooled specimen',
    '可疑',
    '可疑阳性',
    '疑似阳性',
    '不确定',
    '灰区',
    '待复检',
    '待复核',
    '混检阳性',
    '混管阳性',
  ],
  invalid: [
    'invalid',
    'invalid result',
    'unsatisfactory',
    'unsatisfactory specimen',
    'specimen unsatisfactory',
    'specimen unsatisfactory for evaluation',
    'specimen rejected',
    'test not done',
    'not done',
    'test not performed',
    'not performed',
    '无效',
    '不合格',
    '标本不合格',
    '未检测',
  ],
};

/** No wording is made of digits alone. */
const CODE = /^\d+$/;
const RESULTS = Object.keys(CODES) as readonly TestResult[];
const BY_CODE: ReadonlyMap<string, TestResult> = new Map(
  RESULTS.flatMap((result) => CODES[result].split(' ').map((code) => [code, result] as const)),
);
const BY_WORDING: ReadonlyMap<string, TestResult> = new Map(
  RESULTS.flatMap((result) => WORDINGS[result].map((wording) => [wording, result] as const)),
);

export function resultByCode(code: string): TestResult | undefined {
  return BY_CODE.get(code.toUpperCase());
}

const VIRUS = '(sars[- ]?cov[- ]?2|covid[- ]?19|2019[- ]ncov|新型冠状病毒|新冠病毒?)( \\(covid-19\\))?';
const SUBSTANCE = '( (virus )?(rna|ag|antigen)|(核酸|抗原)?(检测|检验|测定)?(结果)?为?)?';
const NAMES_THE_TEST = new RegExp(`(for )?(the )?${VIRUS}${SUBSTANCE}`, 'g');
const NONE_FOUND = new RegExp(`^no ${VIRUS}${SUBSTANCE} (was )?detected\\.?$`);
/** "Positive *** High ***": a mark that says how notable the result is, and nothing of what it is. */
const NOTABLE = / ?\*+ ?(high|low|abnormal|critical|alert)? ?\**$/;
/** 阴性（10合1混检）: which pool it is, is read elsewhere. */
const OF_A_POOL = / ?\((?:\d{1,2}[合混]1)?(?:混[检采管])?\)$/;
/** No wording of a result is longer; a longer text is none. */
const WORDING_CHARS_MAX = 200;

export function resultByWording(text: string): TestResult | undefined {
  if (text === '' || text.length > WORDING_CHARS_MAX || CODE.test(text)) return undefined;
  const known = BY_WORDING.get(text.toLowerCase());
  if (known !== undefined) return known;
  const words = tidied(text).replace(/^(检测|检验)?结果[:为是]? ?/, '');
  if (NONE_FOUND.test(words)) return 'negative';
  if (/^阳性\(\++\)$/.test(words)) return 'positive';
  return resultOfWords(words) ?? resultOfTargets(words);
}

/** In small letters and of one width; a blank between Chinese characters only widens a word. */
function tidied(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\u200b-\u200f\u2060\ufeff]+/g, ' ')
    .replace(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, '')
    .trim();
}

function resultOfWords(words: string): TestResult | undefined {
  const bare = words
    .replace(NOTABLE, '')
    .replace(OF_A_POOL, '')
    .replace(NAMES_THE_TEST, '')
    .replace(/ ?\((qualifier value|finding|(alpha )?(ab)?normal)\)/, '');
  return BY_WORDING.get(bare) ?? BY_WORDING.get(trimmed(bare));
}

/** `ORF1a/b阴性，N基因阴性`: each target of one test, and all say the same. */
const TARGET = /^(?:orf ?1(?:a\/?b?)?|rdrp|[nes])[ -]?(?:gene|基因)?[:= ]*(?<said>[^:= ].*)$/;
const BETWEEN_TARGETS = /[,;、] ?| (?=orf|rdrp|[nes]基因)/;

function resultOfTargets(words: string): TestResult | undefined {
  const parts = words.split(BETWEEN_TARGETS).filter((part) => part !== '');
  const results = new Set(parts.map((part) => resultOfWords(TARGET.exec(part)?.groups?.['said'] ?? '')));
  const [result] = results;
  return parts.length > 1 && results.size === 1 && (result === 'negative' || result === 'positive')
    ? result
    : undefined;
}

/** Words of a sender, each with the result that its profile says it means. */
export type OwnWords = Readonly<Record<string, TestResult>>;

/** By their form: asked for every value, and made once a profile. */
const OWN = new WeakMap<OwnWords, ReadonlyMap<string, TestResult>>();

export function resultOfWord(text: string, own: OwnWords | undefined): TestResult | undefined {
  return (own === undefined ? undefined : ownResult(text, own)) ?? resultByCode(text) ?? resultByWording(text);
}

function ownResult(text: string, own: OwnWords): TestResult | undefined {
  if (text === '' || text.length > WORDING_CHARS_MAX) return undefined;
  const known = OWN.get(own) ?? new Map(Object.entries(own).map(([word, result]) => [tidied(word), result]));
  OWN.set(own, known);
  return known.get(tidied(text));
}

/** What a value says instead of a result. */
export type NoResult = 'screening' | 'pending' | 'void';

export const NO_RESULT: Readonly<Record<NoResult, string>> = {
  screening: 'is of a first screening (初筛), which is no result yet',
  pending: 'says that there is no result yet',
  void: 'says that the report is void, which is no result',
};

/** Null: it may be a result. */
export function noResultIn(text: string, own: OwnWords | undefined): NoResult | null {
  if (text === '' || text.length > WORDING_CHARS_MAX) return null;
  const words = tidied(text);
  if (isScreening(words)) return 'screening';
  if (own !== undefined && ownResult(text, own) !== undefined) return null;
  if (/^(pending|in progress|检测中|待检测?|已检测|已采样|已收样|未出结果)$/.test(words)) return 'pending';
  return /^(已?作废|已?撤销|void|voided|cancell?ed)$/.test(words) ? 'void' : null;
}

/** A first screening's positive is no positive, whoever says so. */
export function isScreening(text: string): boolean {
  return /初筛|初检/.test(text);
}

/** Whether a text that isn't understood might say of a result what it is. */
export function speaksOfResult(text: string): boolean {
  return /posit|negat|detect|react|invalid|inconcl|indeterm|equivoc|阳|阴|检出|可疑|[*?]/i.test(
    text.slice(0, WORDING_CHARS_MAX),
  );
}

const PUNCTUATION = ' :;,.-!';

/** Without a pattern: one for both ends looks at each run of such characters again and again. */
function trimmed(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && PUNCTUATION.includes(text[start] as string)) start++;
  while (end > start && PUNCTUATION.includes(text[end - 1] as string)) end--;
  return text.slice(start, end);
}
