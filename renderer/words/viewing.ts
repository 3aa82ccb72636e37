/** Words of how pages are shown: their tint, the full screen. */
import { bilingual } from './words.ts';

export const viewing = bilingual({
  en: {
    tint: 'Page tint',
    tints: { none: 'As they are', sepia: 'Warm', dark: 'Dark' },
    tintHint: 'On this screen only: exported and copied pictures stay as they are.',
    fullScreen: 'Full screen',
    fullScreenOn: 'Full screen. Esc leaves it; the tools are at the upper edge.',
    position: (page: number, total: string) => `${page.toLocaleString('en')} ${total}`,
  },
  'zh-CN': {
    tint: '页面色调',
    tints: { none: '原样', sepia: '暖色', dark: '深色' },
    tintHint: '仅影响屏幕显示，导出和复制的图片保持原样。',
    fullScreen: '全屏',
    fullScreenOn: '已进入全屏，按 Esc 退出，工具栏在屏幕上边缘。',
    position: (page: number, total: string) => `${page.toLocaleString('zh-CN')} ${total}`,
  },
});
