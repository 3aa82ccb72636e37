/** Words of how pages are looked at: turned, side by side, in which light, on the whole screen. */
import { bilingual } from './words.ts';

export const viewWords = bilingual({
  en: {
    menu: 'View',
    rotateRight: 'Rotate right',
    rotateLeft: 'Rotate left',
    onePage: 'One page',
    twoPages: 'Two pages',
    tint: 'Page tint',
    tints: { paper: 'Paper', sepia: 'Sepia', dark: 'Dark' },
    hint: 'Only for your eyes: copies, links and exports stay as they are.',
    fullScreen: 'Full screen',
    leaveFullScreen: 'Leave full screen',
    saidRotated: (degrees: number) => `Pages turned by ${degrees} degrees`,
    saidColumns: { 1: 'One page below the other', 2: 'Two pages side by side' },
    keyLines: {
      rotate: 'Rotate right or left',
      columns: 'One or two pages side by side',
      fullScreen: 'Full screen, and back',
      close: 'Leave full screen, then back to the list of documents',
    },
  },
  'zh-CN': {
    menu: '视图',
    rotateRight: '向右旋转',
    rotateLeft: '向左旋转',
    onePage: '单页',
    twoPages: '双页',
    tint: '页面色调',
    tints: { paper: '原色', sepia: '护眼', dark: '深色' },
    hint: '仅影响屏幕显示，复制、链接和导出保持原样。',
    fullScreen: '全屏',
    leaveFullScreen: '退出全屏',
    saidRotated: (degrees: number) => `页面已旋转 ${degrees} 度显示`,
    saidColumns: { 1: '单页显示', 2: '双页并排显示' },
    keyLines: {
      rotate: '向右或向左旋转',
      columns: '单页或双页',
      fullScreen: '全屏，或退出',
      close: '退出全屏，然后返回文档列表',
    },
  },
});
