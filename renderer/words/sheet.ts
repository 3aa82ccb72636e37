/** Words of the contact sheet. */
import { bilingual, plural } from './words.ts';

export const sheetWords = bilingual({
  en: {
    title: 'Contact sheet',
    hint: (here: number) => `${plural(here, 'page', 'pages')} here. Nothing is bought for this view.`,
    selected: (count: number) => `${plural(count, 'page', 'pages')} selected`,
    exportSelected: 'Export selected…',
    clear: 'Clear selection',
    close: 'Back to reading',
    keys: 'Enter opens a page, Space selects it, Shift selects up to it',
  },
  'zh-CN': {
    title: '缩略图总览',
    hint: (here: number) => `已有 ${here} 页。此视图不会购买图片。`,
    selected: (count: number) => `已选择 ${count} 页`,
    exportSelected: '导出所选…',
    clear: '清除选择',
    close: '返回阅读',
    keys: '回车打开页面，空格选择，按住 Shift 连选',
  },
});
