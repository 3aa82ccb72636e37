/** Objects by the thousand from one line of the world file, and listings that start anywhere among them. */
import { describe, expect, test } from 'vitest';
import { compareUtf8 } from '#local-oss/percent.ts';
import { readWorld } from '#local-oss/world.ts';
import type { Parameter } from './freehand-signer.ts';
import { element, elements, makeService, type TestService } from './service.ts';

async function names(service: TestService, ...query: Parameter[]): Promise<{ names: string[]; next?: string }> {
  const all: Parameter[] = [['list-type', '2'], ...query];
  const { text } = await service.ask({ bucket: 'docs', query: all });
  const prefixes = [...text.matchAll(/<CommonPrefixes>\s*<Prefix>([^<]*)</g)].map((match) => match[1]!);
  const next = element(text, 'NextContinuationToken');
  return { names: [...elements(text, 'Key'), ...prefixes].sort(compareUtf8), ...(next !== undefined && { next }) };
}

describe('generated objects', () => {
  test('have names, sizes and times by their number, and give way to an entry of the same key', async () => {
    const generated = [{ prefix: 'in/page ', count: 12, suffixes: ['.pdf', '.txt'], zeros: 10, storageClass: 'IA' }];
    const objects = [{ key: 'in/page 03.txt', text: 'mine' }];
    const service = await makeService({ world: { buckets: { docs: { generated, objects } } } });
    const { text } = await service.ask({ bucket: 'docs', query: [['list-type', '2']] });
    const found = elements(text, 'Key');
    expect(found).toHaveLength(12);
    expect([found[0], found[3], found[11]]).toEqual(['in/page 00.pdf', 'in/page 03.txt', 'in/page 11.txt']);
    expect(elements(text, 'Size').slice(0, 5)).toEqual(['10', '11', '12', '4', '14']);
    expect(elements(text, 'LastModified')[11]).toBe('2026-01-01T00:11:00.000Z');
    expect(elements(text, 'StorageClass')[0]).toBe('IA');
    const got = await service.ask({ bucket: 'docs', key: 'in/page 11.txt' });
    expect(got.body).toEqual(Buffer.alloc(21));
  });

  test('a world says what is wrong with them', () => {
    const world = { buckets: { docs: { generated: [{ prefix: 'a', count: 0 }] } } };
    expect(() => readWorld(world, '.')).toThrow('buckets.docs.generated[0].count');
  });

  test('a walk over folders of many, with files beside them, meets each name once', async () => {
    const generated = ['a/', 'b/x ', 'b/y/', 'z'].map((prefix) => ({ prefix, count: 150 }));
    const files = { 'docs/b/x 0.pdf': '1', 'docs/c.pdf': '2', 'docs/zz.pdf': '3' };
    const service = await makeService({ files, world: { buckets: { docs: { generated } } } });
    const every = (await names(service, ['max-keys', '1000'])).names;
    expect(every).toHaveLength(603);
    for (const prefix of ['', 'a/', 'b/', 'b/y/', 'z', 'b/x 07', 'nothing']) {
      for (const delimiter of ['', '/']) {
        const level = new Set<string>();
        for (const name of every.filter((one) => one.startsWith(prefix))) {
          const at = delimiter === '' ? -1 : name.indexOf('/', prefix.length);
          level.add(at === -1 ? name : name.slice(0, at + 1));
        }
        const walked: string[] = [];
        let next: string | undefined;
        do {
          const query: Parameter[] = [
            ['max-keys', '7'],
            ['prefix', prefix],
            ['delimiter', delimiter],
          ];
          if (next !== undefined) query.push(['continuation-token', next]);
          const page = await names(service, ...query);
          walked.push(...page.names);
          next = page.next;
        } while (next !== undefined);
        expect(walked, `${prefix} ${delimiter}`).toEqual([...level].sort(compareUtf8));
      }
    }
  });
});
