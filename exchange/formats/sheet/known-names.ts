/**
 * What columns and words of laboratories mostly mean, in Chinese and English: for a proposal that a person reads before
 * it is used. It must never be asked at an import.
 */

import { sameForm } from './cell.ts';
import type { Column } from './mapping.ts';

const NAMES: Readonly<Record<Column, string>> = {
  documentNumber:
    '证件号码 证件号 证件编号 身份证号 身份证号码 身份证 护照号 护照号码 idnumber idno documentnumber identitynumber passportno ' +
    'passportnumber',
  documentType: '证件类型 证件种类 idtype documenttype',
  issuingCountry: '签发国 签发国家 国籍 issuingcountry nationality',
  sampleId:
    '样本编码 样本编号 样本号 标本编码 标本编号 标本号 样本条码 条码号 条形码 sampleid sampleno samplenumber specimenid ' +
    'specimennumber barcode accessionnumber',
  tubeId: '采样管编码 采样管编号 试管编码 试管编号 试管号 管号 混采管编码 tubeid tubenumber',
  run: '批次 检测批次 批号 run runid batch plate',
  laboratory: '检测机构 检测单位 检验机构 检验单位 检测实验室 实验室 laboratory lab labname testinglab testinglabname',
  method: '检测项目 检验项目 项目名称 检测方法 method testname testtype',
  status: '报告状态 状态 status reportstatus resultstatus testresultstatus',
  specimen: '标本类型 样本类型 采样部位 specimen specimentype sampletype',
  poolSize: '混采人数 混采比例 混检人数 采样方式 检测方式 poolsize pooling',
  sampledAt:
    '采样时间 采样日期 采集时间 采集日期 标本采集时间 样本采集时间 sampledat samplingtime collectiontime collectiondate ' +
    'collectedat specimencollectiondatetime',
  accessionedOn: '收样日期 接收日期 receivedon accessiondate',
  testedAt: '检测时间 检测日期 检验时间 检验日期 testedat testtime testdate',
  reportIssuedAt:
    '报告时间 报告日期 出报告时间 结果时间 审核时间 发布时间 reportedat reporttime reportdate dateresultreleased',
  result: '检测结果 检验结果 核酸结果 结果 result testresult observation',
  birthDate: '出生日期 出生年月日 生日 birthdate dateofbirth dob patientdob',
  sex: '性别 sex gender patientgender',
};

const COLUMN_OF = new Map(
  Object.entries(NAMES).flatMap(([column, names]) => names.split(' ').map((name) => [name, column as Column] as const)),
);

/** Null where the name is of no field, as far as is known. */
export function columnOf(name: string): Column | null {
  return COLUMN_OF.get(sameForm(name).replace(/[_\-.:：*/]/g, '')) ?? null;
}

type Meanings = readonly (readonly [RegExp, string])[];

/** The first that fits. */
const WORDS: Readonly<Partial<Record<Column, Meanings>>> = {
  result: [
    [/阴.*阳|阳.*阴/, '?'],
    [/初筛|复检|待|检测中|已检测|pending/, 'no_result_yet'],
    [/作废|void|cancel/, 'retracted'],
    [/可疑|疑似|弱阳|灰区|indeterminate|inconclusive|presumptive/, 'indeterminate'],
    [/无效|失败|不合格|invalid/, 'invalid'],
    [/阴性|未检出|negative|notdetected|^neg$/, 'negative'],
    [/阳性|^检出|positive|^detected|^pos$/, 'positive'],
  ],
  method: [
    [/流感|甲流|乙流|influenza|乙肝|hiv|hbv|抗体|antibod|igg|igm/, 'ignored'],
    [/抗原|antigen/, 'antigen'],
    [/核酸|pcr|rna|naat/, 'nucleic_acid'],
  ],
  documentType: [
    [/永久居留|外国人/, 'foreign_permanent_residence_card'],
    [/港澳/, 'hong_kong_macao_permit'],
    [/台湾|台胞/, 'taiwan_permit'],
    [/护照|passport/, 'passport'],
    [/身份证|identitycard|idcard/, 'resident_identity_card'],
  ],
  status: [
    [/更正|corrected/, 'corrected'],
    [/初步|preliminary/, 'preliminary'],
    [/作废|撤销|retracted/, 'retracted'],
    [/终|已审|final/, 'final'],
  ],
  specimen: [
    [/鼻咽|nasopharyn/, 'nasopharyngeal_swab'],
    [/口咽|咽拭|oropharyn/, 'oropharyngeal_swab'],
  ],
  sex: [
    [/^(男|男性|m|male)$/, 'male'],
    [/^(女|女性|f|female)$/, 'female'],
  ],
};

/** `?` where nothing is known of the word. */
export function meaningOf(column: Column, word: string): string | number {
  const form = sameForm(word);
  if (column !== 'poolSize') return WORDS[column]?.find(([pattern]) => pattern.test(form))?.[1] ?? '?';
  const size = /^(\d{1,2})(?:合|混|人|:1|$)/.exec(form)?.[1];
  return size !== undefined ? Number(size) : /单/.test(form) ? 1 : /混|pool/.test(form) ? 'pooled' : '?';
}
