/** Words of the strip of open documents. */
import { bilingual } from './words.ts';

export const tabWords = bilingual({
  en: {
    strip: 'Open documents',
    browser: 'Browse',
    close: (name: string) => `Close ${name}`,
    closeTab: 'Close the document',
    closeOthers: 'Close all others',
    reopen: 'Open again what was closed last',
    next: 'Next or previous open document',
  },
  'zh-CN': {
    strip: '已打开的文档',
    browser: '浏览',
    close: (name: string) => `关闭 ${name}`,
    closeTab: '关闭文档',
    closeOthers: '关闭其他文档',
    reopen: '重新打开最近关闭的文档',
    next: '下一个或上一个已打开的文档',
  },
});
