import { expect, it } from 'vitest';
import { closestName } from '#renderer/logic/closest-name.ts';

it.each([
  ['reprots', ['archive', 'reports', 'report-s'], 'reports'],
  ['report', ['reports', 'rapports'], 'reports'],
  ['reports', ['reports'], null],
  ['invoices', ['reports', 'archive'], null],
  ['docs', [], null],
])('%s among %j is %s', (typed, names, meant) => expect(closestName(typed, names)).toBe(meant));
