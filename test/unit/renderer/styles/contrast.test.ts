/** Reads tokens.css as it is shipped and holds the pairs that stand on each other to WCAG 2.2 AA, in both themes. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const css = readFileSync(path.resolve(import.meta.dirname, '../../../../renderer/styles/tokens.css'), 'utf8').replace(
  /\/\*[\s\S]*?\*\//g,
  '',
);

type Theme = 'light' | 'dark';

/** The custom properties of every block whose selector fits. */
function tokensOf(fits: (selector: string) => boolean): Map<string, string> {
  const tokens = new Map<string, string>();
  for (const [, selector, body] of css.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    if (!fits(selector!.trim())) continue;
    for (const [, name, value] of body!.matchAll(/(--[\w-]+):\s*([^;]+);/g)) tokens.set(name!, value!.trim());
  }
  return tokens;
}

const light = tokensOf((selector) => selector.split(/,\s*/).includes(':root'));
const tokens: Record<Theme, Map<string, string>> = {
  light,
  dark: new Map([...light, ...tokensOf((selector) => selector === "[data-theme='dark']")]),
};

/** The colour a token comes to, as #rrggbb. */
function hexOf(theme: Theme, name: string): string {
  const value = tokens[theme].get(name);
  const link = /^var\((--[\w-]+)\)$/.exec(value ?? '');
  if (link) return hexOf(theme, link[1]!);
  if (!/^#[0-9a-f]{6}$/.test(value ?? '')) throw new Error(`${name} is ${value}, not a plain colour`);
  return value!;
}

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(theme: Theme, front: string, back: string): number {
  const [high, low] = [luminance(hexOf(theme, front)), luminance(hexOf(theme, back))].sort((a, b) => b - a);
  return (high! + 0.05) / (low! + 0.05);
}

const SURFACES = ['--surface-desk', '--surface', '--surface-raised', '--surface-sunken', '--surface-hover'];
const TEXT_PAIRS: [string, string][] = [
  ...SURFACES.flatMap((surface): [string, string][] => [
    ['--text', surface],
    ['--text-muted', surface],
    ['--danger-text', surface],
  ]),
  ['--text', '--surface-selected'],
  ['--text-muted', '--surface-selected'],
  ['--accent-text', '--surface-selected'],
  ['--text', '--surface-page'],
  ['--text-muted', '--surface-page'],
  ['--text', '--surface-table'],
  ['--text-on-accent', '--accent'],
  ['--text-on-accent', '--accent-hover'],
  ['--text-on-accent', '--accent-press'],
  ...['accent', 'danger', 'warning', 'success'].flatMap((tone): [string, string][] => [
    [`--${tone}-text`, `--${tone}-soft`],
    ['--text', `--${tone}-soft`],
  ]),
  ['--text-muted', '--success-soft'],
  ['--warning-text', '--surface'],
  ['--brand-text', '--brand-ground'],
  ['--brand-text-muted', '--brand-ground'],
  ['--brand-action-text', '--brand-action'],
  ['--brand-action-text', '--brand-action-hover'],
  ['--tooltip-text', '--tooltip-ground'],
];
/** What has to be seen to be used, without being words. */
const SHAPE_PAIRS: [string, string][] = [
  ...SURFACES.flatMap((surface): [string, string][] => [
    ['--line-control', surface],
    ['--focus', surface],
    ['--accent', surface],
  ]),
  ...['blue', 'teal', 'green', 'amber', 'red', 'violet', 'grey'].map((colour): [string, string] => [
    `--account-${colour}`,
    '--surface',
  ]),
  ...['pdf', 'word', 'sheet', 'slides'].map((format): [string, string] => [`--format-${format}`, '--surface']),
  ['--danger', '--surface-raised'],
];

describe.each<Theme>(['light', 'dark'])('%s theme', (theme) => {
  it.each(TEXT_PAIRS)('%s reads on %s', (front, back) => {
    expect(contrast(theme, front, back)).toBeGreaterThanOrEqual(4.5);
  });
  it.each(SHAPE_PAIRS)('%s shows on %s', (front, back) => {
    expect(contrast(theme, front, back)).toBeGreaterThanOrEqual(3);
  });
});

it('the dark theme names no token that the light one does not', () => {
  const dark = tokensOf((selector) => selector === "[data-theme='dark']");
  expect([...dark.keys()].filter((name) => !light.has(name))).toEqual([]);
});
