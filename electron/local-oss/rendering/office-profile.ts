/** The settings that our LibreOffice starts with: documents come from strangers and may do nothing but be drawn. */
import fs from 'node:fs/promises';
import path from 'node:path';

interface Setting {
  path: string;
  name: string;
  value: string;
}

const COMMON = '/org.openoffice.Office.Common';
/** A port where nothing listens: a document that reaches for the network gets an error at once. */
const NOWHERE = { host: '127.0.0.1', port: '9' };

const SETTINGS: readonly Setting[] = [
  { path: `${COMMON}/Security/Scripting`, name: 'DisableMacrosExecution', value: 'true' },
  { path: `${COMMON}/Security/Scripting`, name: 'MacroSecurityLevel', value: '3' },
  // Linked pictures and files are not fetched: showing a page must not tell anybody that it was shown.
  { path: `${COMMON}/Security/Scripting`, name: 'BlockUntrustedRefererLinks', value: 'true' },
  { path: '/org.openoffice.Office.Writer/Content/Update', name: 'Link', value: '0' },
  { path: '/org.openoffice.Office.Calc/Content/Update', name: 'Link', value: '1' }, // in Calc 1 is "never"
  { path: '/org.openoffice.Inet/Settings', name: 'ooInetProxyType', value: '2' },
  ...(['HTTP', 'HTTPS'] as const).flatMap((scheme) => [
    { path: '/org.openoffice.Inet/Settings', name: `ooInet${scheme}ProxyName`, value: NOWHERE.host },
    { path: '/org.openoffice.Inet/Settings', name: `ooInet${scheme}ProxyPort`, value: NOWHERE.port },
  ]),
  { path: '/org.openoffice.Inet/Settings', name: 'ooInetNoProxy', value: '' },
  { path: `${COMMON}/Misc`, name: 'FirstRun', value: 'false' },
  { path: `${COMMON}/Save/Document`, name: 'AutoSave', value: 'false' },
  { path: '/org.openoffice.Office.Java/VirtualMachine', name: 'Enable', value: 'false' },
];

/** Makes a profile folder with these settings in it. */
export async function writeOfficeProfile(folder: string): Promise<void> {
  const user = path.join(folder, 'user');
  await fs.mkdir(user, { recursive: true, mode: 0o700 });
  const items = SETTINGS.map(
    ({ path: node, name, value }) =>
      `<item oor:path="${node}"><prop oor:name="${name}" oor:op="fuse"><value>${value}</value></prop></item>`,
  );
  const xml = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">',
    ...items,
    '</oor:items>',
  ];
  await fs.writeFile(path.join(user, 'registrymodifications.xcu'), xml.join('\n'));
}
