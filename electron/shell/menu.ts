/**
 * What the system draws for us, the application's menu above all: only what is expected of one. Our own commands live
 * in the window.
 */
import { app, Menu, nativeTheme, type MenuItemConstructorOptions } from 'electron';
import type { Settings } from '#services/settings.ts';
import { systemLanguage } from './app-info.ts';

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

/** Keeps what the system draws (menu, dialogs, scroll bars) in the language and theme of the settings. */
export function followSettings(settings: Settings): void {
  settings.watch(({ language, theme }) => {
    nativeTheme.themeSource = theme;
    setMenu(language === 'system' ? systemLanguage() : language, !app.isPackaged);
  });
}

/** Developer tools are there only while developing. */
function setMenu(language: Language, isDeveloping: boolean): void {
  const words = WORDS[language];
  const isMac = process.platform === 'darwin';
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    {
      label: words.file,
      submenu: [
        // Ctrl+W closes a tab, in the window.
        { role: 'close', label: words.close, accelerator: 'CommandOrControl+Shift+W' },
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
