/**
 * In which language an import speaks: its own words, and the sentence that a fault is. It must never leave a reason out
 * for want of a translation: what nobody has put into Chinese is said in English.
 */

import type { Fate, Said, Told } from './account.ts';
import { inChinese } from './chinese/all.ts';
import type { Language } from './options.ts';

export interface Words {
  readonly fates: Readonly<Record<Fate | Told, string>>;
  readonly file: string;
  readonly all: string;
  readonly records: string;
  readonly results: string;
  readonly faults: string;
  readonly what: string;
  readonly count: string;
  readonly field: string;
  readonly reason: string;
  readonly mend: string;
  readonly places: string;
  /** As describeLocation and a format have it. */
  readonly place: (place: string) => string;
  readonly furtherNotSent: (file: string, count: number) => string;
  /** @param through null: nothing has its answer */
  readonly cameTo: (file: string, through: string | null) => string;
  readonly doorAway: (url: string, why: string) => string;
  readonly checked: (counts: Readonly<Record<'accepted' | 'refused' | 'quarantined' | 'ignored', number>>) => string;
}

const ENGLISH: Words = {
  fates: {
    accepted: 'accepted',
    duplicate: 'duplicate',
    refused: 'refused',
    quarantined: 'quarantined',
    ignored: 'ignored',
    not_sent: 'not sent',
    fault: 'fault',
    note: 'note',
  },
  file: 'file',
  all: 'all',
  records: 'records',
  results: 'results',
  faults: 'faults of the file',
  what: 'what',
  count: 'count',
  field: 'field',
  reason: 'reason',
  mend: 'mend',
  places: 'places',
  place: (place) => place,
  furtherNotSent: (file, count) => `${file}: ${count} further events not sent, all after those listed`,
  cameTo: (file, through) =>
    through === null ? `${file}: nothing has its answer` : `${file}: all through ${through} has its answer`,
  doorAway: (url, why) => `The door at ${url} is not available: ${why}.`,
  checked: ({ accepted, refused, quarantined, ignored }) =>
    `${accepted} accepted, ${refused} refused, ${quarantined} quarantined, ${ignored} ignored; nothing was sent`,
};

const CHINESE: Words = {
  fates: {
    accepted: '接收',
    duplicate: '重复',
    refused: '拒收',
    quarantined: '暂存',
    ignored: '忽略',
    not_sent: '未发送',
    fault: '文件错误',
    note: '提示',
  },
  file: '文件',
  all: '合计',
  records: '记录',
  results: '结果',
  faults: '文件错误',
  what: '类别',
  count: '数量',
  field: '字段',
  reason: '原因',
  mend: '改正',
  places: '位置',
  place: (place) => {
    // The file's own name comes first, and may hold anything.
    const at = place.lastIndexOf(': ');
    const [file, where] = at === -1 ? ['', place] : [place.slice(0, at + 2), place.slice(at + 2)];
    return `${file}${where
      .split(', ')
      .map((part) => inChinese(part) ?? part)
      .join('，')}`;
  },
  furtherNotSent: (file, count) => `${file}：此后还有 ${count} 条未发送`,
  cameTo: (file, through) => (through === null ? `${file}：尚无任何应答` : `${file}：到${through}为止已全部得到应答`),
  doorAway: (url, why) => `接收端 ${url} 无法使用：${inChinese(why) ?? why}。`,
  checked: ({ accepted, refused, quarantined, ignored }) =>
    `接收 ${accepted}，拒收 ${refused}，暂存 ${quarantined}，忽略 ${ignored}；没有发送任何内容`,
};

const WORDS: Readonly<Record<Language, Words>> = { en: ENGLISH, zh: CHINESE };

export function wordsIn(language: Language): Words {
  return WORDS[language];
}

export function textIn(text: string, language: Language): string {
  return language === 'zh' ? (inChinese(text) ?? text) : text;
}

export function sentenceIn({ field, reason, hint, code }: Said, language: Language): string {
  const [why, how] = [textIn(reason, language), textIn(hint, language)];
  const of = field === '' ? '' : `${field}${code === undefined ? ' ' : ': '}`;
  const said = `${of}${why}${code === undefined || code === '' ? '' : ` [${code}]`}`;
  if (hint === '') return said;
  return language === 'zh' ? `${said}。改正：${how}` : `${said}. To mend: ${how}`;
}
