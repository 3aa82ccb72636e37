/** The secret of an AccessKey cannot be printed, copied or sent, and only the signer may ask for it. */
import fs from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Credentials } from '#oss/credentials.ts';

const secret = 'PlantedSecret/123+abc';
const token = 'PlantedToken/456+def==';
const credentials = new Credentials({
  accessKeyId: 'LTAI5tExample',
  accessKeySecret: secret,
  securityToken: token,
  expiresAtMs: 1_800_000_000_000,
});

describe('Credentials', () => {
  it('says [secret] wherever it becomes text', () => {
    expect(String(credentials)).toBe('[secret]');
    expect(JSON.stringify({ credentials })).toBe('{"credentials":"[secret]"}');
    expect(inspect({ credentials }, { depth: 9, showHidden: true })).toContain('[secret]');
  });

  it('gives the secret to nobody who copies, enumerates or inspects it', () => {
    const copies = [
      inspect(credentials, { showHidden: true, depth: 9, customInspect: false }),
      JSON.stringify({ ...credentials }),
      JSON.stringify(structuredClone({ ...credentials })),
      JSON.stringify(Object.getOwnPropertyDescriptors(credentials)),
      JSON.stringify(Reflect.ownKeys(credentials).map(String)),
    ];
    for (const copy of copies) {
      expect(copy).not.toContain(secret);
      expect(copy).not.toContain(token);
    }
  });

  it('tells what is no secret', () => {
    expect(credentials.accessKeyId).toBe('LTAI5tExample');
    expect(credentials.isTemporary).toBe(true);
    expect(credentials.expiresAtMs).toBe(1_800_000_000_000);
    const lasting = new Credentials({ accessKeyId: 'a', accessKeySecret: 'b', securityToken: '' });
    expect(lasting.isTemporary).toBe(false);
    expect(lasting.expiresAtMs).toBe(null);
    expect(Credentials.revealSecret(lasting)).toEqual({ accessKeySecret: 'b', securityToken: null });
  });

  it('is revealed in the two signers and nowhere else in the app', () => {
    const root = path.resolve(import.meta.dirname, '../../../electron');
    const revealing = fs
      .readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && name !== path.join('oss', 'credentials.ts'))
      .filter((name) => /\brevealSecret\b/.test(fs.readFileSync(path.join(root, name), 'utf8')))
      .map((name) => name.split(path.sep).join('/'))
      .sort();
    expect(revealing).toEqual(['oss/sign-v4.ts', 'oss/sts.ts']);
  });
});
