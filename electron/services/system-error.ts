/** What Node says when the system refuses something: an error with a code. */

/** The code of a system error, such as `ENOENT`; empty for anything else. */
export function systemCode(reason: unknown): string {
  if (typeof reason !== 'object' || reason === null || !('code' in reason)) return '';
  return typeof reason.code === 'string' ? reason.code : '';
}

/** Whether a process of this number is there, be it ours or not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}
