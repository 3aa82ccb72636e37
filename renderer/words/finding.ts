/** Words of finding things in large buckets: what the menu of a row offers, search below a folder, versions. */
import { bilingual, plural } from './words.ts';

const en = (count: number): string => count.toLocaleString('en');
const zh = (count: number): string => count.toLocaleString('zh-CN');

export const finding = bilingual({
  en: {
    more: 'More',
    rowMenu: (name: string) => `More for ${name}`,
    openFolder: 'Open folder',
    open: 'Open',
    versions: 'Versions…',
    showInFolder: 'Show in its folder',

    searchBelow: 'Search below…',
    searchBelowHint: 'Finds names in this folder and in all folders below it',
    backToResults: (found: number) => `Back to the ${en(found)} found`,
    searchTitle: 'Search this folder and everything below',
    searchWhere: (place: string) => `In ${place}`,
    searchText: 'Words of the name',
    searchTextHint: 'All of them, in any order; folders count as part of the name.',
    searchNothing: 'Type at least one word.',
    searchDocumentsOnly: 'Only documents I can preview',
    searchCost: 'What it costs',
    searchCostText:
      'OSS cannot search, so the name of every object below the folder is listed: one LIST request for each 1,000 names. Nobody knows beforehand how many there are.',
    searchAtLeast: (requests: number) => `This folder alone needs ${plural(requests, 'request', 'requests')} or more.`,
    searchStopAnyTime: 'You see the count and can stop at any time. No documents are opened and no pages are bought.',
    searchStart: 'Search',

    resultsFor: (text: string) => `Names with “${text}”`,
    resultsIn: (place: string) => `in and below ${place}`,
    closeSearch: 'Back to the folder',
    searchAgain: 'Change the search…',
    results: (place: string) => `Found below ${place}`,
    searching: (scanned: number, requests: number, found: number) =>
      `Searching… ${plural(scanned, 'name', 'names')} looked at, ${plural(requests, 'request', 'requests')}, ${en(found)} found`,
    searchStopped: (scanned: number, requests: number, found: number) =>
      `Stopped after ${plural(scanned, 'name', 'names')}, ${plural(requests, 'request', 'requests')}, ${en(found)} found. There may be more.`,
    searchBrokeOff: (scanned: number, found: number) =>
      `Broke off after ${plural(scanned, 'name', 'names')}, ${en(found)} found. There may be more.`,
    searchComplete: (scanned: number, requests: number, found: number) =>
      `${en(found)} found among all ${plural(scanned, 'name', 'names')}, ${plural(requests, 'request', 'requests')}`,
    searchFull: (scanned: number, requests: number, found: number) =>
      `The first ${en(found)} found, among ${plural(scanned, 'name', 'names')}, ${plural(requests, 'request', 'requests')}. More are not kept: search for more words.`,
    searchGoOn: 'Search on',
    nothingFound: 'Nothing below this folder has such a name',
    nothingFoundYet: 'Nothing found yet',
    nothingFoundYetText: 'What matches appears here as it is found.',
    inFolder: (folder: string) => `in ${folder}`,

    orderCovers: (count: number) => `sorted: all ${en(count)} loaded`,

    versionsTitle: 'Versions',
    versionsLoading: 'Asking for the versions…',
    versionsMore: 'Load older versions',
    versionsNone: 'The service lists no version of this object.',
    versionsUnversioned: 'There is only this one content.',
    versionsUnversionedText:
      'The bucket keeps no versions, or has kept them only since after this object was written. What was here before cannot be opened.',
    versionsCost:
      'One LIST request. A version you open is a document of its own: its pages are bought when you look at them.',
    storageClasses: {
      Standard: 'Standard',
      IA: 'Infrequent Access',
      Archive: 'Archive',
      ColdArchive: 'Cold Archive',
      DeepColdArchive: 'Deep Cold Archive',
    },
    versionLatest: 'Current',
    versionDeleted: 'Deleted',
    versionDeletedText: 'The object was deleted here; there is nothing to open.',
    versionShown: 'Open now',
    versionId: (id: string) => `Version ID ${id}`,
    openVersion: (time: string) => `Open the version of ${time}`,
    versionOf: (time: string) => `Version of ${time}`,
    versionOfHint: (id: string) => `An old version of this document. Version ID ${id}`,

    otherVersionTitle: 'These are not the pages of the version you opened',
    otherVersionText:
      'The service says that it drew another version of this document. The pages are charged all the same. Do not take them for the old version.',
    sameVersionTitle: 'These may not be the pages of the version you opened',
    sameVersionText:
      'Every page seen so far is exactly the same picture as in another version, although the two files differ. Either these pages did not change, or the service ignores which version is asked for.',
  },
  'zh-CN': {
    more: '更多',
    rowMenu: (name: string) => `${name} 的更多操作`,
    openFolder: '打开文件夹',
    open: '打开',
    versions: '历史版本…',
    showInFolder: '在所在文件夹中显示',

    searchBelow: '搜索子文件夹…',
    searchBelowHint: '在此文件夹及所有下级文件夹中按名称查找',
    backToResults: (found: number) => `返回搜索结果（${zh(found)} 项）`,
    searchTitle: '搜索此文件夹及所有下级文件夹',
    searchWhere: (place: string) => `范围：${place}`,
    searchText: '名称中的词',
    searchTextHint: '须包含全部词，顺序不限；文件夹名也算作名称的一部分。',
    searchNothing: '请至少输入一个词。',
    searchDocumentsOnly: '只找可预览的文档',
    searchCost: '费用说明',
    searchCostText:
      'OSS 不提供搜索，需要逐一列出该文件夹下所有文件的名称：每 1,000 个名称产生一次列举（LIST）请求。总共有多少名称，事先无法得知。',
    searchAtLeast: (requests: number) => `仅此文件夹就至少需要 ${zh(requests)} 次请求。`,
    searchStopAnyTime: '搜索时会显示计数，可随时停止。不会打开任何文档，也不会购买页面。',
    searchStart: '搜索',

    resultsFor: (text: string) => `名称含“${text}”`,
    resultsIn: (place: string) => `位于 ${place} 及其下级`,
    closeSearch: '返回文件夹',
    searchAgain: '修改搜索…',
    results: (place: string) => `${place} 下的搜索结果`,
    searching: (scanned: number, requests: number, found: number) =>
      `正在搜索… 已查看 ${zh(scanned)} 个名称，${zh(requests)} 次请求，找到 ${zh(found)} 项`,
    searchStopped: (scanned: number, requests: number, found: number) =>
      `已停止：查看了 ${zh(scanned)} 个名称，${zh(requests)} 次请求，找到 ${zh(found)} 项，可能还有更多。`,
    searchBrokeOff: (scanned: number, found: number) =>
      `查看 ${zh(scanned)} 个名称后中断，找到 ${zh(found)} 项，可能还有更多。`,
    searchComplete: (scanned: number, requests: number, found: number) =>
      `在全部 ${zh(scanned)} 个名称中找到 ${zh(found)} 项，共 ${zh(requests)} 次请求`,
    searchFull: (scanned: number, requests: number, found: number) =>
      `查看 ${zh(scanned)} 个名称（${zh(requests)} 次请求）后，已找到前 ${zh(found)} 项。不再保留更多结果，请增加关键词。`,
    searchGoOn: '继续搜索',
    nothingFound: '此文件夹下没有符合的名称',
    nothingFoundYet: '尚未找到',
    nothingFoundYetText: '找到的项目会随时显示在这里。',
    inFolder: (folder: string) => `位于 ${folder}`,

    orderCovers: (count: number) => `已对加载的全部 ${zh(count)} 项排序`,

    versionsTitle: '历史版本',
    versionsLoading: '正在获取历史版本…',
    versionsMore: '加载更早的版本',
    versionsNone: '服务没有列出此文件的任何版本。',
    versionsUnversioned: '只有当前这一份内容。',
    versionsUnversionedText: '此存储空间未开启版本控制，或在此文件写入之后才开启。此前的内容无法打开。',
    versionsCost: '一次列举（LIST）请求。打开的版本是一份独立的文档，查看页面时才会购买。',
    storageClasses: {
      Standard: '标准存储',
      IA: '低频访问',
      Archive: '归档存储',
      ColdArchive: '冷归档存储',
      DeepColdArchive: '深度冷归档存储',
    },
    versionLatest: '当前版本',
    versionDeleted: '已删除',
    versionDeletedText: '文件在此时被删除，没有可打开的内容。',
    versionShown: '正在查看',
    versionId: (id: string) => `版本 ID ${id}`,
    openVersion: (time: string) => `打开 ${time} 的版本`,
    versionOf: (time: string) => `${time} 的版本`,
    versionOfHint: (id: string) => `此文档的历史版本，版本 ID ${id}`,

    otherVersionTitle: '这些页面不属于您打开的版本',
    otherVersionText: '服务表明它转换的是此文档的另一个版本，页面费用照常产生。请不要把这些页面当作旧版本。',
    sameVersionTitle: '这些页面可能不属于您打开的版本',
    sameVersionText:
      '两个版本的文件内容不同，但目前看过的每一页图片都与另一个版本完全相同。可能是这些页面没有改动，也可能是服务忽略了所请求的版本。',
  },
});
