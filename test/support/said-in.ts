/**
 * The sentences that a source says to people, as its syntax tree holds them: reasons, mends and details, with `{}`
 * where something is filled in. It must never run the source.
 */

import { parseSync } from 'rolldown/experimental';

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

const FIELDS: ReadonlySet<string> = new Set(['reason', 'hint', 'detail']);
/** What makes a fault of texts that it is given. */
const MAKERS: ReadonlySet<string> = new Set([
  'fault',
  'refused',
  'ignored',
  'left',
  'tell',
  'none',
  'event',
  'matching',
  'document',
]);

/** @returns each sentence once */
export function saidIn(file: string, text: string): readonly string[] {
  const said = new Set<string>();
  const take = (node: Node) => {
    for (const sentence of textsOf(node)) if (/[a-z]{2,} \S/i.test(sentence)) said.add(sentence);
  };
  visit(parseSync(file, text).program as unknown as Node, (node) => {
    if (node.type === 'Property' && FIELDS.has(nameOf(node['key'] as Node))) take(node['value'] as Node);
    if (node.type === 'CallExpression' && MAKERS.has(nameOf(calleeOf(node['callee'] as Node))))
      for (const argument of node['arguments'] as Node[]) take(argument);
    // A reason and its mend as a pair.
    if (node.type === 'ArrayExpression' && (node['elements'] as Node[]).length === 2)
      for (const element of node['elements'] as Node[]) take(element);
    if (node.type === 'VariableDeclarator' && /HINT|AGAIN|TEXT|TUBES|DOCUMENTATION/.test(nameOf(node['id'] as Node)))
      take((node['init'] ?? node['id']) as Node);
  });
  return [...said];
}

function visit(node: Node, see: (node: Node) => void): void {
  see(node);
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value])
      if (typeof child === 'object' && child !== null && 'type' in child) visit(child as Node, see);
}

const calleeOf = (node: Node): Node => (node.type === 'MemberExpression' ? (node['property'] as Node) : node);

function nameOf(node: Node): string {
  return typeof node['name'] === 'string' ? node['name'] : '';
}

/** All that an expression may come to; `{}` for what isn't known here. */
function textsOf(node: Node): readonly string[] {
  switch (node.type) {
    case 'Literal':
      return [typeof node['value'] === 'string' ? node['value'] : '{}'];
    case 'TemplateLiteral': {
      const parts = (node['quasis'] as { readonly value: { readonly cooked: string } }[]).map(
        ({ value }) => value.cooked,
      );
      const filled = (node['expressions'] as Node[]).map((one) =>
        one.type === 'ConditionalExpression' ? textsOf(one) : ['{}'],
      );
      return parts.reduce<readonly string[]>(
        (all, part, index) => all.flatMap((so) => (filled[index - 1] ?? ['']).map((one) => `${so}${one}${part}`)),
        [''],
      );
    }
    case 'BinaryExpression':
      return textsOf(node['left'] as Node).flatMap((left) =>
        textsOf(node['right'] as Node).map((right) => `${left}${right}`),
      );
    case 'ConditionalExpression':
      return [...textsOf(node['consequent'] as Node), ...textsOf(node['alternate'] as Node)];
    case 'TSAsExpression':
      return textsOf(node['expression'] as Node);
    default:
      return ['{}'];
  }
}
