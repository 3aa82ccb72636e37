import { describe, expect, it } from 'vitest';
import { fail, ok } from '#contract/errors.ts';
import { SettingsStore, type SystemLook } from '#renderer/state/settings.svelte.ts';
import { bilingual } from '#renderer/words/words.ts';
import { makeScriptedClient, type Script } from './scripted-client.ts';

function setUp(script: Script = {}, isDark = false) {
  let listener = (): void => {};
  const look: { -readonly [K in keyof SystemLook]: SystemLook[K] } = {
    isDark,
    onchange: (heard) => {
      listener = heard;
      return () => (listener = () => {});
    },
  };
  const client = makeScriptedClient({
    'settings.get': () =>
      ok({
        language: 'system',
        theme: 'system',
        tint: 'none',
        readsFiles: true,
        failedCallCost: 0.2,
        lookAhead: 'normal',
        letterKeys: true,
      }),
    ...script,
  });
  const settings = new SettingsStore(client, look);
  const turn = (dark: boolean): void => {
    look.isDark = dark;
    listener();
  };
  return { client, settings, turn };
}
const greeting = bilingual({ en: { hello: 'Hello' }, 'zh-CN': { hello: '你好' } });

describe('SettingsStore', () => {
  it('follows the system until something else is chosen', async () => {
    const { settings, turn, client } = setUp({}, true);
    expect(settings.theme).toBe('dark');
    await settings.load('zh-CN');
    expect([settings.language, settings.words(greeting).hello]).toEqual(['zh-CN', '你好']);
    turn(false);
    expect(settings.theme).toBe('light');
    client.say('settings.changed', {
      language: 'en',
      theme: 'dark',
      tint: 'none',
      readsFiles: true,
      failedCallCost: 0.2,
      lookAhead: 'normal',
      letterKeys: true,
    });
    expect([settings.theme, settings.words(greeting).hello]).toEqual(['dark', 'Hello']);
  });

  it('takes effect before main answers', async () => {
    const { settings } = setUp({
      'settings.set': () =>
        ok({
          language: 'zh-CN',
          theme: 'system',
          tint: 'none',
          readsFiles: true,
          failedCallCost: 0.2,
          lookAhead: 'normal',
          letterKeys: true,
        }),
    });
    const setting = settings.set({ language: 'zh-CN' });
    expect(settings.language).toBe('zh-CN');
    expect(await setting).toBe(true);
  });

  it('takes a choice back that could not be kept', async () => {
    const { settings } = setUp({ 'settings.set': () => fail('file.noSpace', 'full') });
    expect(
      await settings.set({
        theme: 'dark',
        tint: 'none',
        readsFiles: true,
        failedCallCost: 0.2,
        lookAhead: 'normal',
        letterKeys: true,
      }),
    ).toBe(false);
    expect([settings.theme, settings.themeChoice]).toEqual(['light', 'system']);
  });
});
