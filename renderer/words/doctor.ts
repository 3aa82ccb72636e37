/** Words of the doctor: its checks, its question, what to hand to the administrator, and the two readings of a signature. */
import type { DoctorCheck } from '#contract/doctor.ts';
import { bilingual } from './words.ts';

/** What a message to the administrator is made of. */
interface Facts {
  bucket: string;
  key: string;
  region: string;
  maskedKeyId: string;
  actions: readonly string[];
  needsImm: boolean;
  policy: string;
  requestIds: readonly string[];
}

/** Lines without the empty ones; an empty string keeps a paragraph apart. */
const lines = (...parts: (string | false)[]): string => parts.filter((part) => part !== false).join('\n');

export const doctor = bilingual({
  en: {
    open: 'Why can’t I see this?',
    openAccount: 'Check this account…',
    title: 'Why can’t I see this document?',
    titleAccount: 'Check this account',
    running: 'Checking, cheapest first. Nothing is bought.',
    done: 'Everything that can be checked for free is good.',
    allGood: 'Everything works: the first page is here.',
    found: 'Here it stops.',
    stop: 'Stop',
    again: 'Check again',
    checks: {
      network: 'The service can be reached',
      clock: 'The clock is right',
      key: 'The key is known',
      signature: 'The secret fits the key',
      buckets: 'Buckets can be listed',
      list: 'The folder can be listed',
      read: 'The document can be read',
      kms: 'The document can be decrypted',
      archive: 'The document is at hand, not in cold storage',
      process: 'The key may use document processing',
      imm: 'Page pictures are switched on for the bucket',
      convert: 'The key may convert documents',
      picture: 'The first page becomes a picture',
    } satisfies Record<DoctorCheck, string>,
    states: {
      waiting: 'checking…',
      good: 'good',
      bad: 'not good',
      'not-needed': 'not needed',
      'not-checked': 'not checked',
    },
    corrected: (minutes: number) => `off by ${minutes} min, corrected in this app`,
    askTitle: 'The rest can only be seen by asking for a real page.',
    askText:
      'If it works, one page picture is bought and shown when you open the document. If it is refused, it costs nothing.',
    ask: 'Ask for page 1',
    bought: 'One page picture was bought.',
    forAdministrator: 'For the administrator',
    forAdministratorText:
      'What is missing has to be granted by whoever looks after the cloud account. Nothing more than this is needed.',
    messageIn: 'Language of the message',
    copyMessage: 'Copy the message',
    copyPolicy: 'Copy only the policy',
    copied: 'Copied',
    message: (facts: Facts) =>
      lines(
        'Hello,',
        '',
        `With my AccessKey ${facts.maskedKeyId} I cannot see page pictures of documents in the OSS bucket “${facts.bucket}” (${facts.region}).`,
        facts.key !== '' && `Document: oss://${facts.bucket}/${facts.key}`,
        facts.actions.length > 0 && `Missing rights: ${facts.actions.join(', ')}`,
        facts.needsImm &&
          `The bucket has no Intelligent Media Management (IMM) project attached. Please attach one of the same region: OSS console, bucket, Data Processing, IMM.`,
        facts.policy !== '' && '',
        facts.policy !== '' &&
          'This RAM policy grants exactly what is missing (in imm, replace * with the account and project):',
        facts.policy !== '' && facts.policy,
        facts.requestIds.length > 0 && '',
        facts.requestIds.length > 0 && `Request ID: ${facts.requestIds.join(', ')}`,
        '',
        'Thank you.',
      ),
    compareTitle: 'What was compared',
    compareTheirs: 'The service signed',
    compareOurs: 'This app signed',
    compareSame:
      'Both are the same, so the secret itself is another one. Paste it again: often a character is missing, or a space came along.',
    compareDiffers: (part: string) => `The first difference is in ${part}.`,
    compareNone: 'The service did not say what it signed.',
    parts: {
      method: 'the method',
      path: 'the path: bucket or name of the object',
      query: 'the parameters',
      date: 'the time: the clock, or a proxy that holds requests back',
      token: 'the security token',
      header: 'a header that somebody in between has changed',
      payload: 'the last line',
      algorithm: 'the way of signing',
      scope: 'day or region',
      hash: 'the request itself: somebody in between has changed it',
    },
  },
  'zh-CN': {
    open: '为什么看不到？',
    openAccount: '检查此账号…',
    title: '为什么看不到此文档？',
    titleAccount: '检查此账号',
    running: '正在检查，先做不花钱的检查。不会购买任何内容。',
    done: '所有免费的检查都正常。',
    allGood: '一切正常：第一页已获取。',
    found: '问题出在这里。',
    stop: '停止',
    again: '重新检查',
    checks: {
      network: '可以连接到服务',
      clock: '时间正确',
      key: '密钥有效',
      signature: 'Secret 与密钥匹配',
      buckets: '可以列出存储空间',
      list: '可以列出文件夹',
      read: '可以读取文档',
      kms: '可以解密文档',
      archive: '文档可直接读取，不在归档存储中',
      process: '密钥有文档处理权限',
      imm: '存储空间已开通文档快照',
      convert: '密钥有文档转换权限',
      picture: '第一页可以生成图片',
    },
    states: {
      waiting: '检查中…',
      good: '正常',
      bad: '有问题',
      'not-needed': '不需要',
      'not-checked': '未检查',
    },
    corrected: (minutes: number) => `相差 ${minutes} 分钟，应用内已校正`,
    askTitle: '其余的检查需要请求一张真实的页面图片。',
    askText: '如果成功，会购买一张页面图片，打开文档时直接显示。如果被拒绝，不产生费用。',
    ask: '请求第 1 页',
    bought: '购买了一张页面图片。',
    forAdministrator: '交给管理员',
    forAdministratorText: '缺少的权限需要由云账号的管理员授予。只需要下面这些，不需要更多。',
    messageIn: '消息的语言',
    copyMessage: '复制消息',
    copyPolicy: '只复制权限策略',
    copied: '已复制',
    message: (facts: Facts) =>
      lines(
        '您好，',
        '',
        `我使用的 AccessKey ${facts.maskedKeyId} 无法查看 OSS 存储空间“${facts.bucket}”（${facts.region}）中文档的页面图片。`,
        facts.key !== '' && `文档：oss://${facts.bucket}/${facts.key}`,
        facts.actions.length > 0 && `缺少的权限：${facts.actions.join('、')}`,
        facts.needsImm &&
          '该存储空间没有绑定智能媒体管理（IMM）项目。请在 OSS 控制台的存储空间中，为其绑定同地域的 IMM 项目（数据处理 > 智能媒体管理）。',
        facts.policy !== '' && '',
        facts.policy !== '' && '下面的 RAM 权限策略只包含缺少的权限（请将 imm 资源中的 * 替换为账号和项目）：',
        facts.policy !== '' && facts.policy,
        facts.requestIds.length > 0 && '',
        facts.requestIds.length > 0 && `请求 ID：${facts.requestIds.join('、')}`,
        '',
        '谢谢！',
      ),
    compareTitle: '签名对比',
    compareTheirs: '服务计算的内容',
    compareOurs: '本应用签名的内容',
    compareSame: '两边完全相同，说明 Secret 本身不正确。请重新粘贴：常见原因是缺少字符或多了空格。',
    compareDiffers: (part: string) => `第一处不同在于${part}。`,
    compareNone: '服务没有说明它计算的内容。',
    parts: {
      method: '请求方法',
      path: '路径：存储空间或文件名',
      query: '请求参数',
      date: '时间：电脑时间，或代理延迟了请求',
      token: '安全令牌',
      header: '某个请求头，可能被中间的代理修改',
      payload: '最后一行',
      algorithm: '签名算法',
      scope: '日期或地域',
      hash: '请求本身，可能被中间的代理修改',
    },
  },
});
