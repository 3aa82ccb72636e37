/** Words of the settings. */
import { bilingual } from './words.ts';

export const settingsWords = bilingual({
  en: {
    title: 'Settings',
    parts: { general: 'General', cost: 'Cost', pages: 'Pages', network: 'Network', storage: 'Storage' },
    language: 'Language',
    system: 'System',
    theme: 'Look',
    light: 'Light',
    dark: 'Dark',
    lookAhead: 'Look ahead while reading',
    lookAheadNormal: 'Normal',
    lookAheadNone: 'None',
    lookAheadHints: {
      normal: 'The next two pages and the one before are bought while you read, so that they are there at once.',
      none: 'Only pages you look at are bought. You wait for each of them.',
    },
    about: 'About',
    version: (version: string) => `Pagelens ${version}`,
    runtime: (version: string) => `Electron ${version}`,
    office: 'Office samples',
    officeReady: 'Word, Excel and PowerPoint samples can be shown: LibreOffice is here.',
    officeMissing:
      'Word, Excel and PowerPoint samples need LibreOffice on this computer. PDF samples work as they are.',
    officeCommand: 'Install it with',
    notKept: 'This choice could not be kept for the next start.',
  },
  'zh-CN': {
    title: '设置',
    parts: { general: '通用', cost: '费用', pages: '页数', network: '网络', storage: '存储' },
    language: '语言',
    system: '跟随系统',
    theme: '外观',
    light: '浅色',
    dark: '深色',
    lookAhead: '阅读时预先加载',
    lookAheadNormal: '正常',
    lookAheadNone: '不预先加载',
    lookAheadHints: {
      normal: '阅读时会预先购买后两页和前一页，翻到时立即显示。',
      none: '只购买您正在看的页面，每页都需要等待。',
    },
    about: '关于',
    version: (version: string) => `Pagelens ${version}`,
    runtime: (version: string) => `Electron ${version}`,
    office: 'Office 示例',
    officeReady: '已安装 LibreOffice，可以查看 Word、Excel 和 PowerPoint 示例。',
    officeMissing: '查看 Word、Excel 和 PowerPoint 示例需要在这台电脑上安装 LibreOffice。PDF 示例可直接查看。',
    officeCommand: '安装命令',
    notKept: '此选择未能保存，下次启动时不会生效。',
  },
});
