/** A clock that is wrong: found out from the service, corrected in the app, told gently, and nothing fails for it. */
import { common } from '#renderer/words/common.ts';
import { expect, test } from './fixtures.ts';
import { ConnectPage } from './screens.ts';
import { readBill } from './signed.ts';

const MINUTE_MS = 60_000;

for (const [language, minutes] of [
  ['en', 62],
  ['zh-CN', -62],
] as const) {
  test(`a clock that is ${minutes} min off is corrected once and told in the status bar, ${language}`, async ({
    serve,
    launch,
  }) => {
    const service = await serve({ world: { clockOffsetMs: minutes * MINUTE_MS } });
    const { page } = await launch({ language });
    const browser = await new ConnectPage(page, language).connectTo(service, { keep: 'session' });
    await browser.openFolder('english', 'Annual report 2025.pdf');
    await (await browser.open('Annual report 2025.pdf')).seePage(1);
    const said = common[language].clockOff(minutes * MINUTE_MS);
    await expect(page.getByRole('contentinfo').getByText(said, { exact: true })).toBeVisible();
    expect(said).toMatch(language === 'en' ? /1 h 2 min/ : /1 小时 2 分钟/);
    // The form's client and the account's each learn it from one refusal, and never again.
    expect((await readBill(service, minutes * MINUTE_MS)).failures).toEqual({ RequestTimeTooSkewed: 2 });
  });
}
