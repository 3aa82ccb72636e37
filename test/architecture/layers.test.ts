/** The folder tree is the design: reads every import of the app and holds it against who may import what. */
import fs from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import path from 'node:path';
import type TypeScript from 'typescript';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
// Required, not imported: the test runner would look for the compiler's source map, which does not ship, and complain.
const ts = createRequire(import.meta.url)('typescript') as typeof TypeScript;

interface Rule {
  /** Layers and packages this layer may import at all. */
  may: string[];
  /** Of those, the ones it may import as types only. */
  typesOnly?: string[];
}

/** Any module of Node itself. */
const NODE = 'node:*';

/** What the files that compose the app may import. */
const COMPOSABLE = ['contract', 'oss', 'services', 'local-oss', 'local-oss/rendering', 'ipc', 'shell', NODE];

/** Layer -> its rights. A layer may always import itself. Packages stand by name; `electron` is one of them. */
const RULES: Record<string, Rule> = {
  contract: { may: ['zod'] },
  oss: { may: ['contract', 'node:crypto', 'node:util', 'fast-xml-parser'] },
  // What files say of themselves: pure, over an injected way to read them.
  structure: { may: ['contract', 'node:zlib'] },
  services: { may: ['contract', 'oss', 'structure', NODE, 'zod', 'keytar', 'pkijs', 'crc-32', 'fast-png', 'jpeg-js'] },
  'local-oss': { may: ['local-oss/rendering', NODE, 'zod'] },
  // Documents to pictures: knows nothing of OSS.
  'local-oss/rendering': { may: [NODE, '@embedpdf/pdfium', 'jpeg-js', 'crc-32'] },
  // electron: only in the fallback runtime's default app; js-yaml and electron-builder: imported after the set-up.
  setup: { may: [NODE, 'electron', 'js-yaml', 'electron-builder'] },
  ipc: { may: ['contract', 'services', NODE, 'zod'] },
  shell: { may: ['contract', 'ipc', 'services', NODE, 'electron'] },
  // Composition: main.ts makes the app, way-to-oss.ts what stands between it and OSS, reading.ts what is done with documents.
  'main.ts': { may: [...COMPOSABLE, 'way-to-oss.ts', 'reading.ts', 'electron'] },
  'reading.ts': { may: ['contract', 'services', 'way-to-oss.ts', NODE] },
  'way-to-oss.ts': { may: COMPOSABLE },
  'preload.ts': { may: ['electron', 'contract/wire'] },
  'renderer/logic': {
    may: [
      'contract',
      'contract/name-match',
      'contract/oss-path',
      'contract/regions',
      'contract/bill-items',
      'contract/snapshot-url',
      'contract/source-types',
    ],
    typesOnly: ['contract'],
  },
  'renderer/words': { may: ['contract'], typesOnly: ['contract'] },
  'renderer/bridge': { may: ['contract', 'renderer/logic', 'svelte'], typesOnly: ['contract'] },
  'renderer/state': {
    may: [
      'contract',
      'contract/bill-items',
      'contract/snapshot-url',
      'contract/regions',
      'contract/oss-path',
      'renderer/bridge',
      'renderer/logic',
      'renderer/words',
      'svelte',
    ],
    typesOnly: ['contract'],
  },
  'renderer/ui': { may: ['bits-ui', '@lucide/svelte', 'svelte', 'renderer/styles'] },
  'renderer/components': {
    may: [
      'contract',
      'contract/bill-items',
      'contract/snapshot-url',
      'contract/source-types',
      'contract/regions',
      'contract/oss-path',
      'renderer/state',
      'renderer/logic',
      'renderer/ui',
      'renderer/words',
      '@lucide/svelte',
      'svelte',
    ],
    typesOnly: ['contract'],
  },
  'renderer/App.svelte': {
    may: [
      'contract',
      'renderer/components',
      'renderer/state',
      'renderer/logic',
      'renderer/ui',
      'renderer/words',
      '@lucide/svelte',
      'svelte',
    ],
    typesOnly: ['contract'],
  },
  'renderer/main.ts': {
    may: [
      'contract',
      'renderer/App.svelte',
      'renderer/bridge',
      'renderer/state',
      'renderer/words',
      'renderer/styles',
      'svelte',
    ],
    typesOnly: ['contract'],
  },
};

/** Parts of the contract that are more than types and that the page may run: no schema library comes along. */
const RUNNABLE_CONTRACT = [
  'contract/bill-items',
  'contract/name-match',
  'contract/snapshot-url',
  'contract/source-types',
  'contract/regions',
  'contract/oss-path',
  'contract/wire',
];

interface Import {
  file: string;
  from: string;
  to: string;
  isTypeOnly: boolean;
}

function sourceFiles(folder: string): string[] {
  return fs.readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const relative = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'samples' ? [] : sourceFiles(relative);
    return /\.(ts|mjs|cjs|svelte)$/.test(entry.name) ? [relative] : [];
  });
}

/** The layer that a project file belongs to. */
function layerOf(file: string): string {
  const [side, folder, inner] = file.split('/') as [string, string, string?];
  if (inner === 'rendering') return `${folder}/${inner}`;
  if (side === 'electron') return folder;
  return `renderer/${folder}`;
}

/** What an import names, in the words of RULES. */
function targetOf(file: string, specifier: string): string {
  const bare = specifier.replace(/\?.*$/, '');
  if (bare.startsWith('.') || bare.startsWith('#')) {
    const resolved = bare.startsWith('.')
      ? path.posix.join(path.posix.dirname(file), bare)
      : bare.replace(/^#renderer\//, 'renderer/').replace(/^#/, 'electron/');
    const runnable = RUNNABLE_CONTRACT.find((name) => resolved === `electron/${name}.ts`);
    return runnable ?? layerOf(resolved);
  }
  if (builtinModules.includes(bare) || bare.startsWith('node:'))
    return bare.startsWith('node:') ? bare : `node:${bare}`;
  return bare.startsWith('@') ? bare.split('/').slice(0, 2).join('/') : bare.split('/')[0]!;
}

function importsOf(file: string): Import[] {
  const text = fs.readFileSync(path.join(root, file), 'utf8');
  const code = file.endsWith('.svelte')
    ? [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1]).join('\n')
    : text;
  const source = ts.createSourceFile(`${file}.ts`, code, ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const add = (specifier: string, isTypeOnly: boolean): void => {
    found.push({ file, from: layerOf(file), to: targetOf(file, specifier), isTypeOnly });
  };
  const visit = (node: TypeScript.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      const clause = node.importClause;
      const names = clause?.namedBindings;
      const everyNameIsType =
        !!names && ts.isNamedImports(names) && !clause.name && names.elements.every((element) => element.isTypeOnly);
      add(node.moduleSpecifier.text, !!clause && (clause.isTypeOnly || everyNameIsType));
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node.moduleSpecifier.text, node.isTypeOnly);
    } else if (ts.isCallExpression(node) && ts.isStringLiteralLike(node.arguments[0] ?? node)) {
      const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword;
      const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require';
      if (isImport || isRequire) add((node.arguments[0] as TypeScript.StringLiteralLike).text, false);
    } else if (
      ts.isImportTypeNode(node) &&
      ts.isLiteralTypeNode(node.argument) &&
      ts.isStringLiteral(node.argument.literal)
    ) {
      add(node.argument.literal.text, true);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function refusal({ from, to, isTypeOnly }: Import): string | null {
  if (from === to) return null;
  const rule = RULES[from];
  if (!rule) return `${from} is no layer: add it to the rules and to the architecture section`;
  if (rule.may.includes(NODE) && to.startsWith('node:')) return null;
  // Who may import the whole contract may import its runnable parts.
  const asLayer = to.startsWith('contract/') && !rule.may.includes(to) ? 'contract' : to;
  if (from === 'contract' && asLayer === 'contract') return null;
  if (!rule.may.includes(asLayer)) return `${from} may not import ${to}`;
  if (rule.typesOnly?.includes(asLayer) && !isTypeOnly) return `${from} may import only types of ${to}`;
  return null;
}

const files = [...sourceFiles('electron'), ...sourceFiles('renderer')];
const imports = files.flatMap(importsOf);

describe('layers', () => {
  it('every import is one that its layer may have', () => {
    const wrong = imports.flatMap((found) => {
      const reason = refusal(found);
      return reason ? [`${found.file}: ${reason}`] : [];
    });
    expect(wrong).toEqual([]);
  });

  it('the test sees what it must refuse', () => {
    const seen = (from: string, to: string, isTypeOnly = false) => refusal({ file: '', from, to, isTypeOnly });
    expect(seen('oss', 'node:fs')).toContain('may not');
    expect(seen('local-oss', 'oss')).toContain('may not');
    expect(seen('local-oss/rendering', 'local-oss')).toContain('may not');
    expect(seen('services', 'electron')).toContain('may not');
    expect(seen('ipc', 'electron')).toContain('may not');
    expect(seen('renderer/components', 'renderer/bridge')).toContain('may not');
    expect(seen('renderer/state', 'contract')).toContain('only types');
    expect(seen('renderer/state', 'contract', true)).toBeNull();
    expect(seen('renderer/components', 'contract/snapshot-url')).toBeNull();
  });

  it('only shell, main.ts and preload.ts know Electron', () => {
    const ofElectron = imports.filter((found) => found.to === 'electron');
    const importers = new Set(ofElectron.map((found) => found.from));
    expect([...importers].sort()).toEqual(
      ['main.ts', 'preload.ts', 'setup', 'shell'].filter((layer) => importers.has(layer)).sort(),
    );
    const setupImporters = ofElectron.filter((found) => found.from === 'setup');
    expect(setupImporters.map((found) => found.file)).toEqual(['electron/setup/default-app.cjs']);
  });

  it('no file is a drawer for anything', () => {
    const drawers = files.filter((file) => /\/(utils?|helpers?|types|index|misc|manager)\.(ts|svelte|mjs)$/.test(file));
    expect(drawers).toEqual([]);
  });

  it('main.ts and preload.ts stay thin', () => {
    const lines = (file: string) => fs.readFileSync(path.join(root, file), 'utf8').trimEnd().split('\n').length;
    expect(lines('electron/main.ts')).toBeLessThanOrEqual(150);
    expect(lines('electron/preload.ts')).toBeLessThanOrEqual(40);
  });
});
