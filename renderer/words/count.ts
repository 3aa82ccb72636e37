/** Words of knowing the end of a document: the badge, finding the end, and what the app may read for it. */
import { bilingual, plural } from './words.ts';

const en = (count: number): string => count.toLocaleString('en');
const zh = (count: number): string => count.toLocaleString('zh-CN');

/** As the badge knows of the end; see logic/page-count.ts. */
type Kind = 'proven' | 'structure' | 'limit' | 'earlier' | 'about' | 'least' | 'open' | 'repeated';

export const counting = bilingual({
  en: {
    badge: (kind: Kind, pages: number): string =>
      ({
        proven: `of ${en(pages)} ✓`,
        structure: `of ${en(pages)} ✓`,
        limit: '2,000 or more',
        earlier: `of ${en(pages)} ✓`,
        about: `of about ${en(pages)}`,
        least: `of ${en(pages)}+`,
        open: `of ${en(pages)}+`,
        repeated: `of ${en(pages)}+`,
      })[kind],
    how: (kind: Kind, pages: number): string =>
      ({
        proven: `The service says that there is no page ${en(pages + 1)}.`,
        structure: 'All pages were counted in the file itself.',
        limit: 'The service makes pictures of the first 2,000 pages only. There may be more.',
        earlier: 'The end was found when the document was read before.',
        about: 'The file itself says so. Only the end shows whether it is true.',
        least: 'There are at least so many, by the sheets of the file.',
        open: 'The service does not say how many pages there are. The end is found when you get there.',
        repeated:
          'So many are certain. The pages above are one and the same picture: some services answer like this past the last page.',
      })[kind],
    blankText: (page: number) =>
      `Page ${en(page)} is blank, and the file says that it has fewer pages. Some services answer like this past the last page.`,

    findEnd: 'Find the end',
    findEndTitle: 'Find the end of this document?',
    findEndCost: (pictures: number, most: number) =>
      pictures === 0
        ? `Asks for the page after the last one. Most likely nothing is bought, at most ${plural(most, 'picture', 'pictures')}.`
        : `About ${plural(pictures, 'picture', 'pictures')}${most > pictures ? `, at most ${en(most)}` : ''}. What is bought is kept for reading.`,
    findEndFree: 'Asks for a few pages. The samples cost nothing.',
    finding: 'Looking for the end…',
    stopFinding: 'Stop',
    found: (total: number) => `The document has ${plural(total, 'page', 'pages')}.`,
    inDoubt: (page: number) =>
      `Page ${en(page)} is blank or the same picture as one before. The document may have ended; nothing more was bought.`,

    readsFiles: 'Look into the file to learn how many pages it has',
    readsFilesHint: 'At most 256 KB in a few requests; no picture is bought.',
    failedCall: 'Asking for a page that does not exist costs',
    failedCallHint:
      'As a share of a picture’s price. Alibaba Cloud’s own pages disagree about it. “Find the end” then asks so that pictures and failed calls together cost least.',
    failedCallCosts: { '0': 'Nothing', '0.05': '5%', '0.2': '20%', '1': 'As much as a picture' },
  },
  'zh-CN': {
    badge: (kind: Kind, pages: number): string =>
      ({
        proven: `/ ${zh(pages)} ✓`,
        structure: `/ ${zh(pages)} ✓`,
        limit: '2,000 页或更多',
        earlier: `/ ${zh(pages)} ✓`,
        about: `/ 约 ${zh(pages)}`,
        least: `/ ${zh(pages)}+`,
        open: `/ ${zh(pages)}+`,
        repeated: `/ ${zh(pages)}+`,
      })[kind],
    how: (kind: Kind, pages: number): string =>
      ({
        proven: `服务确认没有第 ${zh(pages + 1)} 页。`,
        structure: '已在文件中逐页数过。',
        limit: '服务只提供前 2,000 页的图片，后面可能还有。',
        earlier: '之前阅读此文档时已找到末页。',
        about: '这是文件自身的记录，翻到末尾才能确定。',
        least: '根据文件中的工作表，至少有这么多页。',
        open: '服务不提供总页数，阅读到末尾时才能确定。',
        repeated: '能确定的页数。之后的页面都是同一张图片：有些服务在超出末页后会这样返回。',
      })[kind],
    blankText: (page: number) => `第 ${zh(page)} 页是空白页，而文件记录的页数更少。有些服务在超出末页后会这样返回。`,

    findEnd: '查找末页',
    findEndTitle: '查找此文档的末页？',
    findEndCost: (pictures: number, most: number) =>
      pictures === 0
        ? `请求最后一页的下一页，很可能不会购买图片，最多购买 ${zh(most)} 张。`
        : `约需购买 ${zh(pictures)} 张图片${most > pictures ? `，最多 ${zh(most)} 张` : ''}。购买的图片会保留供阅读。`,
    findEndFree: '会请求若干页面，示例文档不产生费用。',
    finding: '正在查找末页…',
    stopFinding: '停止',
    found: (total: number) => `文档共 ${zh(total)} 页。`,
    inDoubt: (page: number) => `第 ${zh(page)} 页为空白页或与前面的页面相同，文档可能已经结束，未再购买图片。`,

    readsFiles: '读取文件以了解页数',
    readsFilesHint: '最多读取 256 KB，只需几次请求，不购买图片。',
    failedCall: '请求不存在的页面时的费用',
    failedCallHint:
      '按一张图片价格的比例计算。阿里云的说明对此并不一致。“查找末页”会据此让图片与失败请求的总费用最低。',
    failedCallCosts: { '0': '不收费', '0.05': '5%', '0.2': '20%', '1': '与一张图片相同' },
  },
});
