/** Words of how pages are shown: turned, side by side, their tint, the full screen. */
import { bilingual } from './words.ts';

export const viewing = bilingual({
  en: {
    menu: 'View',
    rotateRight: 'Rotate right',
    rotateLeft: 'Rotate left',
    onePage: 'One page',
    twoPages: 'Two pages',
    saidRotated: (degrees: number) => `Pages turned by ${degrees} degrees`,
    saidColumns: { 1: 'One page below the other', 2: 'Two pages side by side' },
    keyLines: {
      rotate: 'Rotate right or left',
      columns: 'One or two pages side by side',
      close: 'Leave full screen, then back to the list of documents',
    },
    tint: 'Page tint',
    tints: { none: 'As they are', sepia: 'Warm', dark: 'Dark' },
    tintHint: 'On this screen only: exported and copied pictures stay as they are.',
    fullScreen: 'Full screen',
    fullScreenOn: 'Full screen. Esc leaves it; the tools are at the upper edge.',
    position: (page: number, total: string) => `${page.toLocaleString('en')} ${total}`,
  },
  'zh-CN': {
    menu: '视图',
    rotateRight: '向右旋转',
    rotateLeft: '向左旋转',
    onePage: '单页',
    twoPages: '双页',
    saidRotated: (degrees: number) => `页面已旋转 ${degrees} 度显示`,
    saidColumns: { 1: '单页显示', 2: '双页并排显示' },
    keyLines: {
      rotate: '向右或向左旋转',
      columns: '单页或双页',
      close: '退出全屏，然后返回文档列表',
    },
    tint: '页面色调',
    tints: { none: '原样', sepia: '暖色', dark: '深色' },
    tintHint: '仅影响屏幕显示，导出和复制的图片保持原样。',
    fullScreen: '全屏',
    fullScreenOn: '已进入全屏，按 Esc 退出，工具栏在屏幕上边缘。',
    position: (page: number, total: string) => `${page.toLocaleString('zh-CN')} ${total}`,
  },
});
