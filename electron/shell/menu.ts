/** The application's menu: only what the system expects of one. Pagelens's own commands live in its window. */
import { Menu, type MenuItemConstructorOptions } from 'electron';

type Language = 'en' | 'zh-CN';

/** Menu labels. They are here and not with the page's words because the menu is drawn by the system, not by the page. */
const WORDS = {
  en: {
    file: 'File',
    close: 'Close Window',
    quit: 'Quit Pagelens',
    edit: 'Edit',
    undo: 'Undo',
    redo: 'Redo',
    cut: 'Cut',
    copy: 'Copy',
    paste: 'Paste',
    selectAll: 'Select All',
    view: 'View',
    fullScreen: 'Full Screen',
    developerTools: 'Developer Tools',
    window: 'Window',
    minimize: 'Minimize',
  },
  'zh-CN': {
    file: '文件',
    close: '关闭窗口',
    quit: '退出 Pagelens',
    edit: '编辑',
    undo: '撤销',
    redo: '重做',
    cut: '剪切',
    copy: '复制',
    paste: '粘贴',
    selectAll: '全选',
    view: '视图',
    fullScreen: '全屏',
    developerTools: '开发者工具',
    window: '窗口',
    minimize: '最小化',
  },
} as const satisfies Record<Language, Record<string, string>>;

/** Sets the menu in one language. Developer tools are there only while developing. */
export function setMenu(language: Language, isDeveloping: boolean): void {
  const words = WORDS[language];
  const isMac = process.platform === 'darwin';
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    {
      label: words.file,
      submenu: [
        { role: 'close', label: words.close },
        ...(isMac ? [] : [{ role: 'quit', label: words.quit } as const]),
      ],
    },
    {
      label: words.edit,
      submenu: [
        { role: 'undo', label: words.undo },
        { role: 'redo', label: words.redo },
        { type: 'separator' },
        { role: 'cut', label: words.cut },
        { role: 'copy', label: words.copy },
        { role: 'paste', label: words.paste },
        { role: 'selectAll', label: words.selectAll },
      ],
    },
    {
      label: words.view,
      submenu: [
        { role: 'togglefullscreen', label: words.fullScreen },
        ...(isDeveloping ? [{ role: 'toggleDevTools', label: words.developerTools } as const] : []),
      ],
    },
    { label: words.window, role: 'window', submenu: [{ role: 'minimize', label: words.minimize }] },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
