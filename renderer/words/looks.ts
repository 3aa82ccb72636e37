/** Words of pages that are worth a look. */
import { bilingual, plural } from './words.ts';

export const looks = bilingual({
  en: {
    chip: (count: number) => `${plural(count, 'page', 'pages')} worth a look`,
    hint: 'Judged by the pictures that are here alone. Such a page may be just as it should be.',
    page: (page: number) => `Page ${page.toLocaleString('en')}`,
    next: 'Next page worth a look',
    flags: {
      'nearly-blank': 'nearly blank',
      'same-as-before': 'same as the page before',
      'cut-off': 'cut off at the edge',
      turned: 'stands the other way',
      'missing-glyphs': 'letters missing',
    },
  },
  'zh-CN': {
    chip: (count: number) => `${count} 页值得检查`,
    hint: '仅根据已获取的页面图片判断，这些页面也可能本来如此。',
    page: (page: number) => `第 ${page.toLocaleString('zh-CN')} 页`,
    next: '下一个值得检查的页面',
    flags: {
      'nearly-blank': '几乎空白',
      'same-as-before': '与上一页相同',
      'cut-off': '内容在边缘被截断',
      turned: '方向与前后页不同',
      'missing-glyphs': '部分文字显示为方框',
    },
  },
});
