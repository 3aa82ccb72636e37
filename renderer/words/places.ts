/** Words for finding things again: pins, recent documents, and links that come from outside. */
import { bilingual } from './words.ts';

const en = (count: number): string => count.toLocaleString('en');
const zh = (count: number): string => count.toLocaleString('zh-CN');

export const places = bilingual({
  en: {
    sidebar: 'Places',
    pinned: 'Pinned',
    recent: 'Recent documents',
    nothingPinned: 'The star beside the path keeps a folder here. Documents and pages can be kept too.',
    showAll: (count: number) => `Show all ${en(count)}`,
    showFewer: 'Show fewer',
    clearRecents: 'Clear the list of recent documents',
    recentsCleared: 'The list of recent documents is empty.',
    page: (page: number) => `p. ${en(page)}`,
    pageOf: (name: string, page: number) => `${name}, page ${en(page)}`,
    more: (name: string) => `More for ${name}`,

    pinFolder: 'Pin this folder',
    pinMenu: 'Pin this document or page',
    pinDocument: 'Pin this document',
    unpinDocument: 'Remove the pin of this document',
    pinPage: (page: number) => `Pin page ${en(page)}`,
    unpinPage: (page: number) => `Remove the pin of page ${en(page)}`,
    pinnedNow: (name: string) => `“${name}” is pinned.`,
    unpinned: (name: string) => `The pin of “${name}” is removed.`,
    notKept: 'This could not be written to this computer’s disk. It holds until you quit and will be gone after that.',

    rename: 'Rename…',
    newName: 'Name of the pin',
    ownName: 'Use its own name again',
    moveUp: 'Move up',
    moveDown: 'Move down',
    remove: 'Remove the pin',
    forget: 'Take off the list',
    copyPath: 'Copy the path',
    pathCopied: 'Path copied.',

    changedSince: (page: number) =>
      `This document has changed since you left it at page ${en(page)}. The page may hold something else now.`,
  },
  'zh-CN': {
    sidebar: '位置',
    pinned: '已固定',
    recent: '最近的文档',
    nothingPinned: '点击路径旁的星标，即可将文件夹固定在这里，也可以固定文档和页面。',
    showAll: (count: number) => `显示全部 ${zh(count)} 个`,
    showFewer: '收起',
    clearRecents: '清空最近的文档',
    recentsCleared: '已清空最近的文档。',
    page: (page: number) => `第 ${zh(page)} 页`,
    pageOf: (name: string, page: number) => `${name}，第 ${zh(page)} 页`,
    more: (name: string) => `${name} 的更多操作`,

    pinFolder: '固定此文件夹',
    pinMenu: '固定此文档或页面',
    pinDocument: '固定此文档',
    unpinDocument: '取消固定此文档',
    pinPage: (page: number) => `固定第 ${zh(page)} 页`,
    unpinPage: (page: number) => `取消固定第 ${zh(page)} 页`,
    pinnedNow: (name: string) => `已固定“${name}”。`,
    unpinned: (name: string) => `已取消固定“${name}”。`,
    notKept: '无法写入这台电脑的磁盘。更改在退出应用前有效，之后将会丢失。',

    rename: '重命名…',
    newName: '固定项名称',
    ownName: '恢复原名称',
    moveUp: '上移',
    moveDown: '下移',
    remove: '取消固定',
    forget: '从列表中移除',
    copyPath: '复制路径',
    pathCopied: '已复制路径。',

    changedSince: (page: number) => `您上次阅读到第 ${zh(page)} 页，此后文档已有改动，该页内容可能已不同。`,
  },
});
