/** Words for pages that are kept in this computer: reading offline, the shelf, storage. */
import { bilingual } from './words.ts';

const en = (count: number): string => count.toLocaleString('en');
const zh = (count: number): string => count.toLocaleString('zh-CN');
const pagesEn = (count: number): string => `${en(count)} ${count === 1 ? 'page' : 'pages'}`;

/** What is said where the keychain does not do its part, by why. */
export type ByKeychain = Record<'keychain.locked' | 'keychain.unavailable' | 'other', string>;

/** The sentence for this reason. */
export const byKeychain = (all: ByKeychain, code: string): string =>
  code === 'keychain.locked' || code === 'keychain.unavailable' ? all[code] : all.other;

export const kept = bilingual({
  en: {
    offlineTitle: (checked: string) => `Offline copy, checked ${checked}`,
    offlineText: 'These pages are kept in this computer. No page is bought while you read them.',
    checkAgain: 'Check again',
    stillOffline: 'The service can’t be reached yet. You still see the offline copy.',
    nowOnline: 'The document is up to date.',
    nowChanged: 'The document has changed. You now see its present content.',
    showKept: (count: number) => `Show ${pagesEn(count)} kept here`,

    awayTitle: 'You’re offline.',
    awayText: (pages: number) => `${pagesEn(pages)} kept in this computer can still be read.`,
    shelf: 'Offline shelf',
    openShelf: 'Open the offline shelf',
    shelfHint: 'Pages you bought stay in this computer. They open without a network and without being bought again.',
    shelfEmpty: 'Nothing is kept yet.',
    shelfEmptyText:
      'Pages you look at are kept here by themselves. Pages of the samples cost nothing and are not kept.',
    section: 'Kept here',
    showShelf: (count: number) => (count === 1 ? 'Show the document' : `Show all ${en(count)}`),
    summary: (documents: number, pages: number) =>
      `${en(documents)} ${documents === 1 ? 'document' : 'documents'}, ${pagesEn(pages)}`,
    hereInList: (here: number, total: number | null) =>
      total === null ? `${pagesEn(here)} here` : `${en(here)} of ${pagesEn(total)} here`,
    pagesOf: (here: number, total: number | null) =>
      total === null ? pagesEn(here) : `${en(here)} of ${pagesEn(total)}`,
    checked: (date: string) => `checked ${date}`,
    pinned: 'Kept offline',
    pinnedHint: 'Its pages stay until you let them go.',
    outdated: 'Older content',
    outdatedHint: 'The document has changed since. These pages go first when room is needed.',
    open: (name: string) => `Open “${name}”`,
    more: (name: string) => `More for ${name}`,
    release: 'No longer keep offline',
    remove: 'Remove its pages',
    removed: (name: string) => `The pages of “${name}” are removed from this computer.`,

    keepOffline: 'Keep offline…',
    keepTitle: (name: string) => `Keep “${name}” offline?`,
    keepText:
      'All its pages are kept in this computer until you let them go, also when room is needed. They open without a network.',
    keepHere: (pages: number) => `${pagesEn(pages)} here already`,
    keepToBuy: (pages: number, isAtMost: boolean) =>
      pages === 0 ? 'no page to buy' : isAtMost ? `at most ${pagesEn(pages)} to buy` : `${pagesEn(pages)} to buy`,
    keepAboutToBuy: (pages: number) => (pages === 0 ? 'most likely no page to buy' : `about ${pagesEn(pages)} to buy`),
    keepLikely: (pages: number, most: number) =>
      `The file says that it has about ${pagesEn(pages)}. The end is looked for first, and keeping stops there. If the file is wrong, at most ${pagesEn(most)} are bought.`,
    keepAtMost:
      'The number of pages is not known yet. Pages are bought until the service says that the document has ended.',
    keepBilled: 'Alibaba Cloud charges for each page that is bought. You can stop at any time.',
    keepFree: 'Nothing is charged.',
    keepNow: (pages: number, isAtMost: boolean) =>
      pages === 0 || isAtMost ? 'Keep offline' : `Buy ${pagesEn(pages)} and keep`,
    keepJob: (name: string) => `Keeping ${name} offline`,
    keepInComputer: 'kept in this computer',
    keptNow: (pages: number) => `${pagesEn(pages)} here`,

    asJpg: 'Shown as JPG, which is here from an export.',
    buyPng: 'Buy the PNG',
    hereAs: (pages: number, target: 'png' | 'jpg') =>
      `${en(pages)} of these pages ${pages === 1 ? 'is' : 'are'} here as ${target.toUpperCase()}.`,
    otherIsBought: 'A page in the other format is bought again.',
    exportAs: (target: 'png' | 'jpg') => `Export as ${target.toUpperCase()} instead`,

    room: 'Pages in this computer',
    roomHint:
      'Pages you bought are kept here, so that none is bought twice. Documents read longest ago make room first; those kept offline never do.',
    used: (used: string, limit: string) => `${used} of ${limit}`,
    usedLabel: 'Room used',
    limit: 'At most',
    limitFailed: 'The limit could not be saved. It holds until you quit.',
    encrypt: 'Encrypt pages kept on this computer',
    encryptHint:
      'Nobody can read them from the disk, or from a copy of it, without the key in this computer’s keychain. If that key is lost, so are the pages.',
    encrypted: (done: number, all: number) => `${en(done)} of ${pagesEn(all)} encrypted`,
    decrypted: (done: number, all: number) => `${en(done)} of ${pagesEn(all)} decrypted`,
    converting: 'Pages being rewritten',
    convertStuck: 'The disk takes no more. The rest is done at the next start.',
    allEncrypted: (all: number) => (all === 1 ? 'The one page is encrypted.' : `All ${en(all)} pages are encrypted.`),
    askingKeychain: 'Waiting for the keychain. It may be asking you in another window.',
    encryptFailed: {
      'keychain.locked': 'Unlock the keychain, then switch this on again. Pages stay as they were.',
      'keychain.unavailable':
        'Set up a keyring (on Linux: GNOME Keyring or KWallet), then switch this on again. Pages stay as they were.',
      other: 'Pages stay as they were.',
    },
    locked: (pages: number) =>
      pages === 1 ? '1 encrypted page can’t be read now.' : `${en(pages)} encrypted pages can’t be read now.`,
    lockedBy: {
      'keychain.locked': 'The keychain that has their key is locked. Unlock it, then try again.',
      'keychain.unavailable': 'The keychain that has their key is not there.',
      other: 'The keychain did not give their key.',
    },
    keyless: 'Pages you look at now are not kept.',
    keylessBy: {
      'keychain.locked': 'They are to be encrypted, and the keychain is locked. Unlock it, then try again.',
      'keychain.unavailable': 'They are to be encrypted, and there is no keychain for the key.',
      other: 'They are to be encrypted, and the keychain did not give the key.',
    },
    lockedAndKeyless: (why: string) => `${why} Until then pages you look at are not kept.`,
    lost: (pages: number) =>
      pages === 1 ? 'The key of 1 encrypted page is gone.' : `The key of ${en(pages)} encrypted pages is gone.`,
    lostText:
      'It was removed from the keychain from outside this app. Without it these pages can’t be read any more. They only take room.',
    lostAndKeyless:
      'It was removed from the keychain from outside this app. Without it these pages can’t be read any more, and pages you look at now are not kept. Once they are removed, new pages are encrypted with a new key.',
    removeLost: (pages: number) => (pages === 1 ? 'Remove this page' : `Remove these ${en(pages)} pages`),
    lostRemoved: 'The pages that could not be read are removed.',
    stillLocked: 'The keychain still doesn’t give the key.',
    unlocked: 'All pages can be read again.',
    lockedShort: (pages: number) => `${pagesEn(pages)} locked`,
    buyLocked: 'Go on and buy anew',
    storage: 'Storage settings',
    clear: 'Remove all pages…',
    clearTitle: 'Remove all pages from this computer?',
    clearText: (pages: number) =>
      `${pagesEn(pages)} will be removed, also those kept offline. To see them again you have to buy them again.`,
    clearOpen: 'Pages of a document that is open are removed when it is closed.',
    clearNow: 'Remove all pages',
    cleared: 'All pages are removed from this computer.',
  },
  'zh-CN': {
    offlineTitle: (checked: string) => `离线副本，上次检查：${checked}`,
    offlineText: '这些页面保存在这台电脑上，阅读时不会购买任何页面。',
    checkAgain: '重新检查',
    stillOffline: '仍无法连接服务，当前显示的是离线副本。',
    nowOnline: '文档已是最新内容。',
    nowChanged: '文档已有改动，现在显示的是最新内容。',
    showKept: (count: number) => `查看本机保存的 ${zh(count)} 页`,

    awayTitle: '当前离线',
    awayText: (pages: number) => `这台电脑上保存的 ${zh(pages)} 页仍可阅读。`,
    shelf: '离线书架',
    openShelf: '打开离线书架',
    shelfHint: '购买过的页面会保存在这台电脑上，无需网络即可打开，也不会再次收费。',
    shelfEmpty: '还没有保存任何页面',
    shelfEmptyText: '查看过的页面会自动保存在这里。示例文档不收费，因此不保存。',
    section: '本机已保存',
    showShelf: (count: number) => `查看全部 ${zh(count)} 个`,
    summary: (documents: number, pages: number) => `${zh(documents)} 个文档，${zh(pages)} 页`,
    hereInList: (here: number, total: number | null) =>
      total === null ? `本机有 ${zh(here)} 页` : `本机有 ${zh(here)} / ${zh(total)} 页`,
    pagesOf: (here: number, total: number | null) =>
      total === null ? `${zh(here)} 页` : `${zh(here)} / ${zh(total)} 页`,
    checked: (date: string) => `检查于 ${date}`,
    pinned: '离线保留',
    pinnedHint: '其页面会一直保留，直到您取消。',
    outdated: '旧内容',
    outdatedHint: '文档之后已有改动。需要空间时，这些页面会最先移除。',
    open: (name: string) => `打开“${name}”`,
    more: (name: string) => `${name} 的更多操作`,
    release: '取消离线保留',
    remove: '移除其页面',
    removed: (name: string) => `已从这台电脑移除“${name}”的页面。`,

    keepOffline: '离线保留…',
    keepTitle: (name: string) => `离线保留“${name}”？`,
    keepText: '全部页面将保存在这台电脑上，空间不足时也不会移除，直到您取消。无需网络即可打开。',
    keepHere: (pages: number) => `本机已有 ${zh(pages)} 页`,
    keepToBuy: (pages: number, isAtMost: boolean) =>
      pages === 0 ? '无需购买' : isAtMost ? `最多购买 ${zh(pages)} 页` : `需购买 ${zh(pages)} 页`,
    keepAboutToBuy: (pages: number) => (pages === 0 ? '很可能无需购买' : `约需购买 ${zh(pages)} 页`),
    keepLikely: (pages: number, most: number) =>
      `文件记录约有 ${zh(pages)} 页。会先确认末页并在那里停止；如果文件记录有误，最多购买 ${zh(most)} 页。`,
    keepAtMost: '尚不知道总页数，将一直购买到服务提示文档结束为止。',
    keepBilled: '每购买一页，阿里云都会收费。您可以随时停止。',
    keepFree: '不产生费用。',
    keepNow: (pages: number, isAtMost: boolean) =>
      pages === 0 || isAtMost ? '离线保留' : `购买 ${zh(pages)} 页并保留`,
    keepJob: (name: string) => `离线保留 ${name}`,
    keepInComputer: '保存在这台电脑上',
    keptNow: (pages: number) => `本机已有 ${zh(pages)} 页`,

    asJpg: '当前显示导出时获取的 JPG。',
    buyPng: '购买 PNG',
    hereAs: (pages: number, target: 'png' | 'jpg') => `其中 ${zh(pages)} 页本机已有 ${target.toUpperCase()}。`,
    otherIsBought: '换一种格式需要重新购买。',
    exportAs: (target: 'png' | 'jpg') => `改为导出 ${target.toUpperCase()}`,

    room: '这台电脑上的页面',
    roomHint: '购买过的页面保存在这里，不会重复购买。空间不足时先移除最久未读的文档，离线保留的文档不会被移除。',
    used: (used: string, limit: string) => `${used} / ${limit}`,
    usedLabel: '已用空间',
    limit: '上限',
    limitFailed: '未能保存上限，退出应用前有效。',
    encrypt: '加密保存在这台电脑上的页面',
    encryptHint: '没有这台电脑钥匙串中的密钥，任何人都无法从磁盘或其副本中读取页面。密钥丢失后，页面也无法读取。',
    encrypted: (done: number, all: number) => `已加密 ${zh(done)} / ${zh(all)} 页`,
    decrypted: (done: number, all: number) => `已解密 ${zh(done)} / ${zh(all)} 页`,
    converting: '正在改写页面',
    convertStuck: '磁盘无法继续写入，其余页面将在下次启动时处理。',
    allEncrypted: (all: number) => `全部 ${zh(all)} 页均已加密。`,
    askingKeychain: '正在等待钥匙串，它可能在另一个窗口中询问您。',
    encryptFailed: {
      'keychain.locked': '请解锁钥匙串后重新开启。页面保持原样。',
      'keychain.unavailable': '请设置钥匙串（Linux：GNOME Keyring 或 KWallet）后重新开启。页面保持原样。',
      other: '页面保持原样。',
    },
    locked: (pages: number) => `${zh(pages)} 个加密页面暂时无法读取`,
    lockedBy: {
      'keychain.locked': '保存密钥的钥匙串已锁定。请解锁后重试。',
      'keychain.unavailable': '保存密钥的钥匙串不可用。',
      other: '钥匙串没有给出密钥。',
    },
    keyless: '现在查看的页面不会保存',
    keylessBy: {
      'keychain.locked': '页面需要加密，而钥匙串已锁定。请解锁后重试。',
      'keychain.unavailable': '页面需要加密，而没有可存放密钥的钥匙串。',
      other: '页面需要加密，而钥匙串没有给出密钥。',
    },
    lockedAndKeyless: (why: string) => `${why}在此之前，查看的页面不会保存。`,
    lost: (pages: number) => `${zh(pages)} 个加密页面的密钥已丢失`,
    lostText: '密钥已在本应用之外从钥匙串中删除。没有密钥，这些页面无法再读取，只会占用空间。',
    lostAndKeyless:
      '密钥已在本应用之外从钥匙串中删除。没有密钥，这些页面无法再读取，现在查看的页面也不会保存。移除后，新页面将使用新的密钥加密。',
    removeLost: (pages: number) => `移除这 ${zh(pages)} 页`,
    lostRemoved: '已移除无法读取的页面。',
    stillLocked: '钥匙串仍未给出密钥。',
    unlocked: '所有页面都可以读取了。',
    lockedShort: (pages: number) => `${zh(pages)} 页无法读取`,
    buyLocked: '继续并重新购买',
    storage: '存储设置',
    clear: '移除全部页面…',
    clearTitle: '从这台电脑移除全部页面？',
    clearText: (pages: number) => `将移除 ${zh(pages)} 页，包括离线保留的页面。再次查看时需要重新购买。`,
    clearOpen: '正在打开的文档，其页面会在关闭后移除。',
    clearNow: '移除全部页面',
    cleared: '已从这台电脑移除全部页面。',
  },
});
