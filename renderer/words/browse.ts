/** Words of the browser: buckets, folders, the list, the path box, and the question of a document's type. */
import { bilingual, plural } from './words.ts';

const zh = (count: number): string => count.toLocaleString('zh-CN');

export const browse = bilingual({
  en: {
    screen: 'Browse',

    buckets: 'Buckets',
    bucketsLoading: 'Loading buckets…',
    reloadBuckets: 'Load the buckets again',
    noBuckets: 'No buckets',
    noBucketsText: 'This account has no buckets yet.',
    bucketsHidden: 'Buckets not listed',
    bucketsHiddenText:
      'Your key may open folders but not list buckets. That is normal for limited keys. Type the folder instead.',
    typeFolder: 'Type a folder',
    onlyFolder: 'Your folder',

    chooseBucket: 'Choose a bucket',
    chooseBucketText: 'Or paste an oss:// path, an object’s link or a signed link in the box above.',

    typeFolderFirst: 'Start from a path',
    typeFolderText:
      'Type the folder you were given, for example oss://team-docs/reports/, or paste a link to a document.',

    up: 'Up to the folder around',
    refresh: 'Load this folder again',
    way: 'Path',
    unnamed: '(no name)',
    editPath: 'Type or paste a path',
    copyHint: 'Click to type another path',
    pathLabel: 'Path or link',
    pathPlaceholder: 'oss://bucket/folder/, an object’s link or a signed link',
    pathGo: 'Go there',
    pathLooking: 'Looking it up…',

    filterLabel: 'Filter by name',
    filterPlaceholder: 'Filter by name',
    filterClear: 'Clear the filter',
    documentsOnly: 'Documents I can preview',
    documentsOnlyHint: 'Leaves out files of formats that cannot become page pictures. Files without an extension stay.',

    list: (place: string) => `Contents of ${place}`,
    columns: { name: 'Name', modified: 'Modified', size: 'Size', type: 'Type' },
    folder: 'Folder',
    types: {
      pdf: 'PDF',
      docx: 'Word',
      doc: 'Word 97',
      xlsx: 'Excel',
      xls: 'Excel 97',
      pptx: 'PowerPoint',
      ppt: 'PowerPoint 97',
    },
    noType: 'No extension',

    tooLarge: 'Too large, limit 20 MB',
    otherFormat: 'No page pictures of this format',
    askType: 'Asks for its type',
    archived: 'Archived',
    archivedHint: 'In cold storage. It may have to be restored before anybody can read it.',
    tooLargeExplained: (name: string, size: string) =>
      `“${name}” has ${size}. The service makes page pictures of documents up to 20 MB. Nothing was asked and nothing was charged. A smaller copy, for example a compressed PDF, would open.`,

    loadingFolder: 'Loading the folder…',
    loadedSoFar: (count: number) => `Loading… ${plural(count, 'item', 'items')} so far`,
    allLoaded: (count: number) => `${plural(count, 'item', 'items')}, all loaded`,
    stoppedAt: (count: number) => `Stopped after ${plural(count, 'item', 'items')}. There are more.`,
    brokeOffAt: (count: number) => `Broke off after ${plural(count, 'item', 'items')}. There may be more.`,
    showing: (count: number) => `${count.toLocaleString('en')} shown`,
    stop: 'Stop',
    goOn: 'Load the rest',

    empty: 'This folder is empty',
    emptyText: 'There are no files in it and no folders.',
    nothingPreviewable: 'Nothing previewable here',
    nothingPreviewableText: (count: number) =>
      `${plural(count, 'file is', 'files are')} of formats that cannot become page pictures.`,
    showAll: 'Show all files',
    nothingFound: 'No name here matches',
    nothingFoundText: (text: string) => `Nothing in this folder has “${text}” in its name.`,
    nothingFoundYet: 'More is being loaded; what matches will appear here.',
    clearFilter: 'Clear the filter',

    typeTitle: 'What kind of document is this?',
    typeOfNone: (name: string) =>
      `The name “${name}” does not say. Choose the type, and the service will read it as that.`,
    typeOfOther: (name: string, extension: string) =>
      `“${name}” ends in .${extension}, which the service cannot turn into pictures. If it is one of these all the same, say which.`,
    typeLegend: 'Type of the document',
    typeCost: 'If it turns out to be another type, the service refuses it and you can choose again.',
    open: 'Open',
  },
  'zh-CN': {
    screen: '浏览',

    buckets: '存储空间',
    bucketsLoading: '正在加载存储空间…',
    reloadBuckets: '重新加载存储空间',
    noBuckets: '没有存储空间',
    noBucketsText: '此账号下还没有存储空间。',
    bucketsHidden: '未列出存储空间',
    bucketsHiddenText: '您的密钥可以打开文件夹，但不能列出存储空间。权限受限的密钥通常如此，请直接输入文件夹路径。',
    typeFolder: '输入文件夹',
    onlyFolder: '您的文件夹',

    chooseBucket: '请选择一个存储空间',
    chooseBucketText: '也可以在上方粘贴 oss:// 路径、文件链接或签名链接。',

    typeFolderFirst: '从路径开始',
    typeFolderText: '请输入您可以访问的文件夹，例如 oss://team-docs/reports/，或粘贴文档链接。',

    up: '返回上一级文件夹',
    refresh: '重新加载此文件夹',
    way: '路径',
    unnamed: '（无名称）',
    editPath: '输入或粘贴路径',
    copyHint: '点击可输入其他路径',
    pathLabel: '路径或链接',
    pathPlaceholder: 'oss://存储空间/文件夹/、文件链接或签名链接',
    pathGo: '前往',
    pathLooking: '正在查找…',

    filterLabel: '按名称筛选',
    filterPlaceholder: '按名称筛选',
    filterClear: '清除筛选',
    documentsOnly: '只看可预览的文档',
    documentsOnlyHint: '隐藏无法生成页面图片的文件；没有扩展名的文件仍会显示。',

    list: (place: string) => `${place} 的内容`,
    columns: { name: '名称', modified: '修改时间', size: '大小', type: '类型' },
    folder: '文件夹',
    types: {
      pdf: 'PDF',
      docx: 'Word',
      doc: 'Word 97',
      xlsx: 'Excel',
      xls: 'Excel 97',
      pptx: 'PowerPoint',
      ppt: 'PowerPoint 97',
    },
    noType: '无扩展名',

    tooLarge: '超过 20 MB 上限',
    otherFormat: '此格式无法生成页面图片',
    askType: '打开时选择类型',
    archived: '归档',
    archivedHint: '位于冷存储中，可能需要先解冻才能读取。',
    tooLargeExplained: (name: string, size: string) =>
      `“${name}”大小为 ${size}。服务只能为不超过 20 MB 的文档生成页面图片。未发送任何请求，也没有产生费用。可以换用较小的副本，例如压缩后的 PDF。`,

    loadingFolder: '正在加载文件夹…',
    loadedSoFar: (count: number) => `正在加载… 目前 ${zh(count)} 项`,
    allLoaded: (count: number) => `共 ${zh(count)} 项，已全部加载`,
    stoppedAt: (count: number) => `已停止，加载了 ${zh(count)} 项，后面还有更多。`,
    brokeOffAt: (count: number) => `加载 ${zh(count)} 项后中断，后面可能还有更多。`,
    showing: (count: number) => `显示 ${zh(count)} 项`,
    stop: '停止',
    goOn: '继续加载',

    empty: '此文件夹是空的',
    emptyText: '里面没有文件，也没有文件夹。',
    nothingPreviewable: '这里没有可预览的文档',
    nothingPreviewableText: (count: number) => `有 ${zh(count)} 个文件的格式无法生成页面图片。`,
    showAll: '显示全部文件',
    nothingFound: '没有匹配的名称',
    nothingFoundText: (text: string) => `此文件夹中没有名称包含“${text}”的项目。`,
    nothingFoundYet: '仍在加载，匹配的项目会显示在这里。',
    clearFilter: '清除筛选',

    typeTitle: '这是哪种文档？',
    typeOfNone: (name: string) => `从名称“${name}”无法判断。请选择类型，服务将按此类型读取。`,
    typeOfOther: (name: string, extension: string) =>
      `“${name}”的扩展名是 .${extension}，服务无法将这种格式转换为图片。如果它其实是下列类型之一，请选择。`,
    typeLegend: '文档类型',
    typeCost: '如果类型不符，服务会拒绝该文档，您可以重新选择。',
    open: '打开',
  },
});
