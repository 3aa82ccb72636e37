/** Words of the strip beside the scroll bar. */
import { bilingual } from './words.ts';

export const heat = bilingual({
  en: {
    at: (page: number, what: string) => `Page ${page.toLocaleString('en')} · ${what}`,
    heats: {
      missing: 'not bought',
      here: 'here',
      making: 'being made',
      flagged: 'worth a look',
      failed: 'could not be loaded',
    },
  },
  'zh-CN': {
    at: (page: number, what: string) => `第 ${page.toLocaleString('zh-CN')} 页 · ${what}`,
    heats: {
      missing: '未购买',
      here: '已在本地',
      making: '正在生成',
      flagged: '值得检查',
      failed: '加载失败',
    },
  },
});
