/**
 * Whether kept pages are sealed: the switch, the key behind it, and what becomes of pages whose key is not at hand. The
 * keychain is asked only where the switch is on or sealed pages are there.
 */
import { fail, ok, type ErrorCode, type Result } from '#contract/errors.ts';
import type { EncryptionView } from '#contract/kept-pages.ts';
import type { Sealing } from './kept-folder.ts';
import type { KeptPages } from './kept-pages.ts';
import { unlessAborted } from './keychain.ts';
import { makePageConversion } from './page-conversion.ts';
import type { PageKeys } from './page-keys.ts';
import type { PageKey, PageKeyId } from './sealed-bytes.ts';
import type { Settings } from './settings.ts';

export interface PageEncryption {
  view(): EncryptionView;
  /**
   * On: the key is in the keychain first. Off: it leaves the keychain when no file needs it any more. Pages that are
   * here are brought into the other form in the background. Errors: keychain.*, file.*, cancelled; nothing has changed
   * then.
   */
  turn(isOn: boolean, signal: AbortSignal): Promise<Result<null>>;
  /** Asks the keychain for keys that are needed and not at hand. Errors: keychain.*, cancelled. */
  unlock(signal: AbortSignal): Promise<Result<null>>;
  /** Removes the pages whose key the keychain has no more. Errors: as unlock. */
  removeLost(signal: AbortSignal): Promise<Result<null>>;
  /** Pages were removed: what waited for want of their key may go on with a new one. */
  pagesRemoved(): void;
  /** Ends after the page that is being written. */
  dispose(): Promise<void>;
}

export interface PageEncryptionOptions {
  settings: Pick<Settings, 'current' | 'update'>;
  keys: PageKeys;
  kept: KeptPages;
  /** Ends all waits for the keychain. */
  lifetime: AbortSignal;
  onChange: () => void;
}

/** How pages are sealed by these settings with these keys. */
export function sealingOf(settings: Pick<Settings, 'current'>, keys: PageKeys): Sealing {
  return {
    findKey: (id) => keys.find(id),
    writeAs() {
      const { isOn, keyId } = settings.current.pages.encryption;
      return !isOn ? 'plain' : ((keyId && keys.find(keyId)) ?? 'nothing');
    },
  };
}

/** Goes on in the background with what an earlier run left undone. */
export function makePageEncryption(options: PageEncryptionOptions): PageEncryption {
  const { settings, keys, kept, lifetime, onChange } = options;
  let last: Promise<unknown> = Promise.resolve();
  const choice = () => settings.current.pages.encryption;
  const choose = (encryption: ReturnType<typeof choice>): Promise<Result<null>> =>
    settings.update({ pages: { ...settings.current.pages, encryption } });
  const problemNow = (): ErrorCode | null => {
    const { isOn, keyId } = choice();
    if (!isOn) return null;
    return keyId === null ? 'keychain.missing' : keys.find(keyId) ? null : keys.problemOf(keyId);
  };

  const conversion = makePageConversion({
    kept,
    // Switched off without a key of its own, the settings were lost: what is sealed stays so until the person says.
    isWanted: () => choice().isOn || choice().keyId !== null,
    onDone: async () => void (await unlessAborted(inTurn(removeIdleKeys), lifetime)),
    onChange,
  });

  /** One change of keys at a time: a key that is being removed is none to seal with. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  }

  /** Takes keys out of the keychain that are neither written with nor needed by any file. */
  async function removeIdleKeys(): Promise<Result<null>> {
    const { isOn, keyId } = choice();
    const others = new Set([...keys.ids(), ...(keyId ? [keyId] : [])]);
    if (isOn && keyId) others.delete(keyId);
    const needed = others.size > 0 ? await kept.neededKeys() : others;
    for (const id of others) {
      const removed = needed.has(id) ? null : await keys.remove(id, lifetime);
      if (removed?.ok && id === keyId) await choose({ isOn, keyId: null });
    }
    return ok(null);
  }

  /** The key that is to be written with: the one of before if it can be had, else a new one. */
  async function findKeyToUse(signal: AbortSignal): Promise<Result<PageKey>> {
    const [known] = [choice().keyId, ...kept.sealers()].filter((id): id is PageKeyId => id !== null);
    const before = known ? await keys.fetch(known, signal) : null;
    if (before?.ok || (before && before.error.code !== 'keychain.missing')) return before;
    return keys.make((keyId) => choose({ ...choice(), keyId }), signal);
  }

  async function turnOn(signal: AbortSignal): Promise<Result<null>> {
    const before = choice();
    const key = await findKeyToUse(signal);
    const written = key.ok ? await choose({ isOn: true, keyId: key.value.id }) : key;
    if (!written.ok) await choose({ ...before, keyId: choice().keyId });
    return written;
  }
  async function turnOff(): Promise<Result<null>> {
    const before = choice();
    const written = await choose({ ...before, isOn: false });
    if (!written.ok) await choose(before);
    return written;
  }

  async function fetchKeys(signal: AbortSignal): Promise<Result<null>> {
    await kept.list();
    const { isOn, keyId } = choice();
    const wanted = new Set([...kept.sealers(), ...(isOn && keyId ? [keyId] : [])]);
    let end: Result<null> = ok(null);
    const isNew = [...wanted].some((id) => !keys.find(id));
    for (const id of wanted) {
      const key = await keys.fetch(id, signal);
      // What may come by trying again is said before what is gone.
      if (!key.ok && (end.ok || end.error.code === 'keychain.missing')) end = key;
    }
    // Nothing was sealed with the key that is gone: another one does as well.
    const isReplaceable = problemNow() === 'keychain.missing' && !(keyId && kept.sealers().has(keyId));
    if (isReplaceable) {
      const made = await turnOn(signal);
      if (!made.ok || kept.sealers().size === 0) end = made;
    }
    if (isNew || isReplaceable) kept.keysChanged();
    conversion.start();
    return end;
  }

  const lostKeys = (): Set<PageKeyId> =>
    new Set([...kept.sealers()].filter((id) => !keys.find(id) && keys.problemOf(id) === 'keychain.missing'));

  const encryption: PageEncryption = {
    view() {
      let [allPages, sealedPages, lockedPages, lostPages] = [0, 0, 0, 0];
      let lockedBy: ErrorCode | null = null;
      for (const [id, pages] of kept.forms()) {
        allPages += pages;
        if (id === null) continue;
        sealedPages += pages;
        const problem = keys.problemOf(id);
        if (keys.find(id)) continue;
        if (problem === 'keychain.missing') lostPages += pages;
        else {
          lockedPages += pages;
          lockedBy ??= problem;
        }
      }
      return {
        ...{ isOn: choice().isOn, allPages, sealedPages, lockedPages, lockedBy, lostPages, keepsNothing: problemNow() },
        ...{ isConverting: conversion.isRunning(), isStuck: conversion.isStuck() },
      };
    },
    turn(isOn, signal) {
      const turned = inTurn(async () => {
        if (signal.aborted) return fail('cancelled', 'It is not wanted any more.');
        const end = isOn ? await turnOn(signal) : await turnOff();
        if (!end.ok) return end;
        kept.keysChanged();
        conversion.start();
        return end;
      });
      return unlessAborted(turned, signal);
    },
    unlock: (signal) =>
      unlessAborted(
        inTurn(() => fetchKeys(signal)),
        signal,
      ),
    async removeLost(signal) {
      await kept.removeSealed(lostKeys());
      return encryption.unlock(signal);
    },
    pagesRemoved() {
      if (problemNow() === 'keychain.missing') void encryption.unlock(lifetime);
    },
    dispose: () => conversion.dispose(),
  };
  void encryption.unlock(lifetime);
  return encryption;
}
