/** Words of what reading costs: the month, prices, the budget. */
import type { BillItem } from '#contract/bill-items.ts';
import { bilingual, plural } from './words.ts';

const en = (count: number): string => count.toLocaleString('en');
const zh = (count: number): string => count.toLocaleString('zh-CN');

const ITEMS_EN: Record<BillItem, string> = {
  convert: 'Page pictures (DocumentConvert)',
  get: 'Read requests, Standard',
  getIa: 'Read requests, Infrequent Access',
  getArchive: 'Read requests, Archive',
  list: 'List requests',
  traffic: 'Outbound traffic',
  acceleration: 'Transfer acceleration',
  retrieveIa: 'Retrieval, Infrequent Access',
  retrieveArchive: 'Retrieval, Archive in real time',
};
const ITEMS_ZH: Record<BillItem, string> = {
  convert: '页面图片（DocumentConvert）',
  get: '读请求，标准存储',
  getIa: '读请求，低频访问',
  getArchive: '读请求，归档存储',
  list: '列举请求',
  traffic: '外网流出流量',
  acceleration: '传输加速',
  retrieveIa: '数据取回，低频访问',
  retrieveArchive: '数据取回，归档直读',
};

export const costWords = bilingual({
  en: {
    items: ITEMS_EN,
    lots: { pictures: 'per 1,000 pictures', requests: 'per 10,000 requests', bytes: 'per GB' },

    thisMonth: 'This month',
    noAccount: 'Connect an account to see what it has used.',
    samples: 'The samples cost nothing, so nothing is counted for them.',
    item: 'Item',
    amount: 'Amount',
    money: 'Money',
    perhaps: (text: string) => `+ ${text} perhaps`,
    total: 'Together',
    saved: (count: number) => `${plural(count, 'page', 'pages')} used again, not bought again`,
    savedMoney: (money: string) => `${money} saved`,
    noPrice: 'Page pictures have no price yet: pages are counted, money is not shown.',
    requests: (count: number) => `${plural(count, 'request', 'requests')} in all`,
    counted: 'Counted by this app, by the month of the service’s bill (UTC+8). What counts is the bill itself.',
    before: 'Months before',
    exportCsv: 'Save as CSV…',
    csvSaved: (name: string) => `Saved as ${name}.`,
    notSaved: 'The file could not be saved.',

    prices: 'Prices',
    pricesHint:
      'For all accounts. From your price list or bill. Those filled in are examples of mainland China’s regions; the price of page pictures depends on your contract.',
    currency: 'Currency',
    needsPrice: (account: string) =>
      `The budget of ${account} counts in money and needs its currency and the price of page pictures. Set it in pictures, or empty it, first.`,
    badPrice: 'A price is a number such as 12 or 0.5.',
    failures: 'A page that cannot be made may be charged too',
    failuresHint: 'Alibaba Cloud’s documents disagree. While this is on, prices say “at most”.',
    apply: 'Apply prices',
    applied: 'Prices applied. All months of all accounts are shown with them.',

    budget: 'Budget of a month',
    budgetUnit: 'Counted in',
    units: { pictures: 'Pictures', money: 'Money' },
    unitNeedsPrice: 'To count in money, enter the price of page pictures first.',
    warnAt: 'Warn at',
    stopAt: 'Stop at',
    empty: 'Empty: never',
    badNumber: 'A whole number, such as 500.',
    badMoney: 'An amount, such as 20 or 7.5.',
    order: 'The warning comes before the stop.',
    stopHint: 'At the stop no further page is bought. Pages that are here still open and export.',
    setBudget: 'Set budget',
    budgetSet: 'The budget holds from now on.',

    status: (pictures: number, money: string | null, budget: string | null) =>
      `${plural(pictures, 'picture', 'pictures')} bought this month${money === null ? '' : ` ≈ ${money}`}${budget === null ? '' : ` of ${budget}`}`,
    openCost: 'Show cost and budget',
    ofPictures: (count: number) => en(count),

    stoppedTitle: (limit: string) => `This month’s budget is used up (${limit}).`,
    stoppedText: 'Pages that are here still open and export. Nothing more is bought.',
    goOnOnce: (count: number) => `Buy up to ${en(count)} more`,
    raise: 'Change budget…',
    warnedTitle: (used: string, limit: string) => `Used this month: ${used}, of a budget of ${limit}.`,
    warnedAloneTitle: (used: string, warnAt: string) => `Used this month: ${used}. You set a warning at ${warnAt}.`,
    warnedText: 'Pages are still bought, but only when you look at them: none ahead.',
    pictures: (count: number) => plural(count, 'picture', 'pictures'),
    notBought: 'Not bought: this month’s budget is used up.',

    about: (money: string) => `≈ ${money}`,
    atMost: (money: string) => `at most ${money}`,
    left: (text: string) => `${text} of the budget left`,
    beyond: 'More than the budget has left: it would pause there.',
    perhapsBeyond: 'This may be more than the budget has left: it would pause there.',
  },
  'zh-CN': {
    items: ITEMS_ZH,
    lots: { pictures: '每千张', requests: '每万次', bytes: '每 GB' },

    thisMonth: '本月',
    noAccount: '连接账号后即可查看其用量。',
    samples: '示例不产生费用，因此不计入。',
    item: '计费项',
    amount: '用量',
    money: '金额',
    perhaps: (text: string) => `另有 ${text} 可能计费`,
    total: '合计',
    saved: (count: number) => `再次使用 ${zh(count)} 页，未重复购买`,
    savedMoney: (money: string) => `节省 ${money}`,
    noPrice: '尚未填写页面图片的价格，因此只显示数量，不显示金额。',
    requests: (count: number) => `共 ${zh(count)} 次请求`,
    counted: '由本应用按服务账单的月份（UTC+8）统计，以实际账单为准。',
    before: '往月',
    exportCsv: '另存为 CSV…',
    csvSaved: (name: string) => `已保存为 ${name}。`,
    notSaved: '文件未能保存。',

    prices: '价格',
    pricesHint:
      '适用于所有账号。请按您的价目表或账单填写。已填的是中国内地地域的参考价，页面图片的价格取决于您的合同。',
    currency: '币种',
    needsPrice: (account: string) =>
      `“${account}”的预算按金额计量，需要当前币种和页面图片的价格。请先将该预算改为按图片数计量或清空。`,
    badPrice: '请输入数字，例如 12 或 0.5。',
    failures: '未能生成的页面也可能计费',
    failuresHint: '阿里云文档对此说法不一。开启时，价格会注明“最多”。',
    apply: '应用价格',
    applied: '价格已应用，所有账号的各月金额均按此显示。',

    budget: '每月预算',
    budgetUnit: '计量方式',
    units: { pictures: '图片数', money: '金额' },
    unitNeedsPrice: '按金额计量需要先填写页面图片的价格。',
    warnAt: '提醒',
    stopAt: '停止',
    empty: '留空表示不限',
    badNumber: '请输入整数，例如 500。',
    badMoney: '请输入金额，例如 20 或 7.5。',
    order: '提醒值应小于停止值。',
    stopHint: '达到停止值后不再购买新页面，已获取的页面仍可查看和导出。',
    setBudget: '设置预算',
    budgetSet: '预算已生效。',

    status: (pictures: number, money: string | null, budget: string | null) =>
      `本月已购买 ${zh(pictures)} 张图片${money === null ? '' : ` ≈ ${money}`}${budget === null ? '' : ` / ${budget}`}`,
    openCost: '查看费用和预算',
    ofPictures: (count: number) => zh(count),

    stoppedTitle: (limit: string) => `本月预算已用完（${limit}）`,
    stoppedText: '已获取的页面仍可查看和导出，不再购买新页面。',
    goOnOnce: (count: number) => `再购买最多 ${zh(count)} 张`,
    raise: '修改预算…',
    warnedTitle: (used: string, limit: string) => `本月预算 ${limit} 已使用 ${used}`,
    warnedAloneTitle: (used: string, warnAt: string) => `本月已使用 ${used}，达到您设置的提醒值 ${warnAt}`,
    warnedText: '页面仍会购买，但仅在查看时购买，不再预先加载。',
    pictures: (count: number) => `${zh(count)} 张`,
    notBought: '未购买：本月预算已用完。',

    about: (money: string) => `≈ ${money}`,
    atMost: (money: string) => `最多 ${money}`,
    left: (text: string) => `预算剩余 ${text}`,
    beyond: '超出预算剩余，届时会暂停。',
    perhapsBeyond: '可能超出预算剩余，届时会暂停。',
  },
});
