/** How keys are written on this computer. */

const isMac = navigator.platform.startsWith('Mac');

/** `Ctrl+K` as this computer's people know it: on a Mac ⌘, but for Ctrl+Tab, which is Control there too. */
export function showKeys(keys: string, onMac = isMac): string {
  return onMac && !keys.endsWith('Tab') ? keys.replace('Ctrl+', '⌘') : keys;
}
