/**
 * What each failure means to a person: title, meaning, next step, in both languages. The one place where an error code
 * becomes words; a code without words in either language does not compile.
 *
 * Style: the title says what is so, without codes and without blame; the meaning says why and what still works; the
 * next step is one thing to do. Whether money was spent is said by `money`, from the error itself.
 */
import type { AppError, ErrorCode } from '#contract/errors.ts';
import type { Bilingual, Language } from './words.ts';

/** An error in words, ready to be shown. */
export interface ErrorWords {
  title: string;
  meaning: string;
  /** Empty where nothing can be done but wait or go elsewhere. */
  next: string;
  /** Whether the attempt cost anything; empty where money is not in question. */
  money: string;
}

/** The few facts an error brings along: `{ bucket, key, lastPage, … }`. */
type Facts = NonNullable<AppError['detail']>;
type Sentence = string | ((facts: Facts, error: AppError) => string);
interface Entry {
  title: Sentence;
  meaning: Sentence;
  next: Sentence;
}

/** A name in quotation marks, or a plain word where the name is not known. */
const quoted = (value: Facts[string] | undefined, otherwise: string): string =>
  value === undefined ? otherwise : `“${value}”`;

/** Minutes and hours of a clock's error: `1 h 2 min`. */
function lag(facts: Facts, hour: string, minute: string): string {
  const minutes = Math.max(1, Math.round(Math.abs(Number(facts['skewMs'] ?? 0)) / 60_000));
  const hours = Math.floor(minutes / 60);
  return [hours > 0 ? `${hours} ${hour}` : '', minutes % 60 > 0 ? `${minutes % 60} ${minute}` : '']
    .filter(Boolean)
    .join(' ');
}

/** A secret that was kept only until the app was closed is missing because that was asked for. */
const isForOneRun = (facts: Facts): boolean => facts['keep'] === 'session';

const FIELDS: Bilingual<Record<string, string>> = {
  en: {
    name: 'name',
    accessKeyId: 'AccessKey ID',
    accessKeySecret: 'AccessKey secret',
    securityToken: 'security token',
    tokenExpiresAt: 'expiry',
    region: 'region',
    endpoint: 'endpoint',
    scope: 'folder',
    roleArn: 'role',
    sessionName: 'session name',
    stsEndpoint: 'address of STS',
  },
  'zh-CN': {
    name: '名称',
    accessKeyId: 'AccessKey ID',
    accessKeySecret: 'AccessKey Secret',
    securityToken: '安全令牌',
    tokenExpiresAt: '到期时间',
    region: '地域',
    endpoint: 'Endpoint',
    scope: '文件夹',
    roleArn: '角色',
    sessionName: '会话名称',
    stsEndpoint: 'STS 地址',
  },
};

/** Why a certificate was not accepted, as far as a sentence can tell. */
type TlsReason = 'unknown-authority' | 'expired' | 'not-yet-valid' | 'wrong-host' | 'revoked' | 'other';
const TLS_REASONS: readonly string[] = ['unknown-authority', 'expired', 'not-yet-valid', 'wrong-host', 'revoked'];
const tlsReason = (facts: Facts): TlsReason =>
  TLS_REASONS.includes(String(facts['reason'])) ? (facts['reason'] as TlsReason) : 'other';

const TLS_TITLES: Bilingual<Record<TlsReason, string>> = {
  en: {
    'unknown-authority': 'This computer does not know who vouches for the service.',
    expired: 'The certificate of the service has expired.',
    'not-yet-valid': 'The certificate of the service is not valid yet.',
    'wrong-host': 'The certificate is for another address.',
    revoked: 'The certificate of the service was revoked.',
    other: 'The connection is not safe.',
  },
  'zh-CN': {
    'unknown-authority': '这台电脑不信任服务证书的签发机构',
    expired: '服务的证书已过期',
    'not-yet-valid': '服务的证书尚未生效',
    'wrong-host': '证书与访问的地址不符',
    revoked: '服务的证书已被吊销',
    other: '连接不安全',
  },
};
const TLS_MEANINGS: Bilingual<Record<TlsReason, string>> = {
  en: {
    'unknown-authority':
      'In a company this is usually the company’s own proxy; elsewhere it can be somebody listening in.',
    expired: 'An expired certificate proves nothing any more.',
    'not-yet-valid': 'The clock of this computer may be slow.',
    'wrong-host': 'So it may be another service.',
    revoked: 'Its authority has taken it back.',
    other: 'It does not verify.',
  },
  'zh-CN': {
    'unknown-authority': '在公司网络中，这通常是公司自己的代理；在其他网络中，可能有人在窃听。',
    expired: '过期的证书不再具有证明力。',
    'not-yet-valid': '这台电脑的时钟可能偏慢。',
    'wrong-host': '对方可能是另一个服务。',
    revoked: '签发机构已将其吊销。',
    other: '该证书未通过验证。',
  },
};
const TLS_NEXTS: Bilingual<Record<TlsReason, string>> = {
  en: {
    'unknown-authority':
      'If your company has a certificate file for its network, add it in the network settings. Otherwise use another network.',
    expired: 'Ask whoever runs this address, or the company’s proxy, to renew it.',
    'not-yet-valid': 'Check date and time of this computer.',
    'wrong-host': 'Check the endpoint of this account.',
    revoked: 'Use another network, or ask your network administrator.',
    other: 'Ask your network administrator, and show the details.',
  },
  'zh-CN': {
    'unknown-authority': '如果公司为其网络提供了证书文件，请在网络设置中添加；否则请更换网络。',
    expired: '请联系此地址或公司代理的管理员更新证书。',
    'not-yet-valid': '请检查这台电脑的日期和时间。',
    'wrong-host': '请检查此账号的 Endpoint。',
    revoked: '请更换网络，或联系网络管理员。',
    other: '请联系网络管理员，并提供详细信息。',
  },
};

const SIGN_IN_TITLES: Bilingual<Record<string, string>> = {
  en: {
    refused: 'The proxy does not accept this name and password.',
    locked: 'The password for the proxy could not be read from the keychain.',
  },
  'zh-CN': { refused: '代理服务器不接受此用户名和密码', locked: '无法从系统钥匙串读取代理密码' },
};

const NETWORK_FIELDS: Bilingual<Record<string, string>> = {
  en: {
    host: 'the address of the proxy',
    port: 'the port of the proxy',
    pacUrl: 'the address of the script',
    pacFile: 'the script file',
    signInProxy: 'the proxy to sign in to',
  },
  'zh-CN': {
    host: '代理地址',
    port: '代理端口',
    pacUrl: '脚本地址',
    pacFile: '脚本文件',
    signInProxy: '需要登录的代理',
  },
};

const BAD_CERTIFICATES: Bilingual<Record<string, string>> = {
  en: {
    none: 'There is no certificate in it. A certificate file usually ends in .pem, .crt or .cer.',
    'not-authority': 'Its certificate belongs to a server or a person, and such a one cannot vouch for others.',
    expired: 'Its certificate has expired.',
  },
  'zh-CN': {
    none: '文件中没有证书。证书文件通常以 .pem、.crt 或 .cer 结尾。',
    'not-authority': '其中的证书属于某台服务器或某个人，不能为其他证书担保。',
    expired: '其中的证书已过期。',
  },
};

/** Why encrypted pages cannot be read. */
type LockReason = 'missing' | 'locked' | 'unavailable' | 'failed';
const lockReason = (facts: Facts): LockReason => {
  const reason = String(facts['reason']).replace('keychain.', '');
  return reason === 'missing' || reason === 'locked' || reason === 'unavailable' ? reason : 'failed';
};
const LOCKED: Bilingual<Record<LockReason, string>> = {
  en: {
    missing: 'They are encrypted, and their key is not in the keychain any more.',
    locked: 'They are encrypted, and the keychain that has their key is locked.',
    unavailable: 'They are encrypted, and the keychain that has their key is not there.',
    failed: 'They are encrypted, and the keychain did not give their key.',
  },
  'zh-CN': {
    missing: '页面已加密，而钥匙串中已没有对应的密钥。',
    locked: '页面已加密，而保存密钥的钥匙串已锁定。',
    unavailable: '页面已加密，而保存密钥的钥匙串不可用。',
    failed: '页面已加密，而钥匙串没有给出密钥。',
  },
};
const LOCKED_NEXT: Bilingual<Record<LockReason, string>> = {
  en: {
    missing: 'If you go on without them, pages you look at are bought again.',
    locked: 'Unlock the keychain, then try again. If you go on without them, pages you look at are bought again.',
    unavailable: 'Try again when it is there. If you go on without them, pages you look at are bought again.',
    failed: 'Try again. If you go on without them, pages you look at are bought again.',
  },
  'zh-CN': {
    missing: '如果不使用这些页面继续，查看的页面将重新购买。',
    locked: '请解锁钥匙串后重试。如果不使用这些页面继续，查看的页面将重新购买。',
    unavailable: '请在钥匙串可用后重试。如果不使用这些页面继续，查看的页面将重新购买。',
    failed: '请重试。如果不使用这些页面继续，查看的页面将重新购买。',
  },
};

const ERRORS = {
  // ---- the way to the service
  'net.offline': {
    en: {
      title: 'The service cannot be reached.',
      meaning: 'There seems to be no network. Pages that are already here still show.',
      next: 'Check the connection, then try again.',
    },
    'zh-CN': {
      title: '无法连接到服务',
      meaning: '当前似乎没有网络。已获取的页面仍可查看。',
      next: '请检查网络连接后重试。',
    },
  },
  'net.refused': {
    en: {
      title: 'Nobody answers at this address.',
      meaning: (d) => `${quoted(d['host'] ?? d['endpoint'], 'The host')} is there, but takes no connections.`,
      next: 'Try again in a moment. If it stays so, the address of this account may be wrong.',
    },
    'zh-CN': {
      title: '此地址没有响应',
      meaning: (d) => `${quoted(d['host'] ?? d['endpoint'], '主机')}存在，但拒绝了连接。`,
      next: '请稍后重试。如果始终如此，此账号的地址可能有误。',
    },
  },
  'net.reset': {
    en: {
      title: 'The connection broke off.',
      meaning: 'The answer did not arrive whole.',
      next: 'Try again; if it keeps happening, the network is the place to look.',
    },
    'zh-CN': { title: '连接中断', meaning: '没有收到完整的响应。', next: '请重试。如果反复出现，请检查网络。' },
  },
  'net.timeout': {
    en: {
      title: 'The service took too long to answer.',
      meaning: 'It may be busy, or the connection is slow.',
      next: 'Try again in a moment.',
    },
    'zh-CN': { title: '服务响应超时', meaning: '服务可能繁忙，或网络较慢。', next: '请稍后重试。' },
  },
  'net.tls': {
    en: {
      title: (d) => TLS_TITLES.en[tlsReason(d)],
      meaning: (d) =>
        `${quoted(d['host'], 'The other side')} showed a certificate from ${quoted(d['issuer'], 'an unknown authority')}. ${TLS_MEANINGS.en[tlsReason(d)]} Nothing was sent.`,
      next: (d) => TLS_NEXTS.en[tlsReason(d)],
    },
    'zh-CN': {
      title: (d) => TLS_TITLES['zh-CN'][tlsReason(d)],
      meaning: (d) =>
        `${quoted(d['host'], '对方')}出示了由${quoted(d['issuer'], '未知机构')}签发的证书。${TLS_MEANINGS['zh-CN'][tlsReason(d)]}没有发送任何数据。`,
      next: (d) => TLS_NEXTS['zh-CN'][tlsReason(d)],
    },
  },
  'net.proxy': {
    en: {
      title: 'Something in between answered instead of Alibaba Cloud.',
      meaning: 'It looks like a proxy or a sign-in page of the network.',
      next: 'Open a web page to sign in to the network, or check the proxy in the network settings.',
    },
    'zh-CN': {
      title: '响应并非来自阿里云',
      meaning: '响应看起来来自代理服务器或网络登录页面。',
      next: '请打开网页登录网络，或在网络设置中检查代理。',
    },
  },
  'net.proxyUnreachable': {
    en: {
      title: 'The proxy cannot be reached.',
      meaning: (d) => `${quoted(d['proxy'], 'The proxy')} does not answer, so nothing was sent to Alibaba Cloud.`,
      next: 'Check the proxy in the network settings, and whether this computer is in the company’s network.',
    },
    'zh-CN': {
      title: '无法连接代理服务器',
      meaning: (d) => `${quoted(d['proxy'], '代理服务器')}没有响应，因此没有向阿里云发送任何数据。`,
      next: '请在网络设置中检查代理，并确认这台电脑已接入公司网络。',
    },
  },
  'net.pacUnreadable': {
    en: {
      title: 'The proxy script cannot be fetched.',
      meaning: (d) =>
        `${quoted(d['script'], 'The script’s address')} does not answer with a proxy script. Without it everything goes straight to Alibaba Cloud, past any proxy.`,
      next: 'Check the address of the script in the network settings.',
    },
    'zh-CN': {
      title: '无法获取代理脚本',
      meaning: (d) =>
        `${quoted(d['script'], '脚本地址')}没有返回代理脚本。没有脚本时，所有请求都会绕过代理直接发往阿里云。`,
      next: '请在网络设置中检查脚本地址。',
    },
  },
  'net.proxyAuth': {
    en: {
      title: (d) => SIGN_IN_TITLES.en[String(d['reason'])] ?? 'The proxy asks for a name and password.',
      meaning: (d) =>
        `${quoted(d['proxy'], 'The proxy')} lets nothing through until you sign in. Nothing was sent to Alibaba Cloud.`,
      next: 'Type the name and password for the proxy in the network settings. They are not your AccessKey.',
    },
    'zh-CN': {
      title: (d) => SIGN_IN_TITLES['zh-CN'][String(d['reason'])] ?? '代理服务器要求输入用户名和密码',
      meaning: (d) => `${quoted(d['proxy'], '代理服务器')}在登录之前不会放行。没有向阿里云发送任何数据。`,
      next: '请在网络设置中填写代理的用户名和密码（不是 AccessKey）。',
    },
  },
  'net.proxyRefused': {
    en: {
      title: 'The proxy does not lead to this address.',
      meaning: (d) =>
        `${quoted(d['proxy'], 'The proxy')} answered, but opens no connection to ${quoted(d['host'], 'the service')}.`,
      next: 'Ask your network administrator to allow this address.',
    },
    'zh-CN': {
      title: '代理服务器不允许访问此地址',
      meaning: (d) => `${quoted(d['proxy'], '代理服务器')}有响应，但未建立到${quoted(d['host'], '服务')}的连接。`,
      next: '请联系网络管理员放行此地址。',
    },
  },
  'net.badAnswer': {
    en: {
      title: 'The answer makes no sense.',
      meaning: 'What came back is not what Alibaba Cloud OSS sends. The endpoint may belong to something else.',
      next: 'Check the endpoint of this account, then try again.',
    },
    'zh-CN': {
      title: '无法识别服务的响应',
      meaning: '收到的内容不是阿里云 OSS 的响应，Endpoint 可能指向了其他服务。',
      next: '请检查此账号的 Endpoint 后重试。',
    },
  },

  // ---- keys and rights
  'oss.unknownKey': {
    en: {
      title: 'This key is not known.',
      meaning: 'Alibaba Cloud has no such AccessKey ID. It may have been deleted, or a character is missing.',
      next: 'Check the AccessKey ID, or ask for a new key.',
    },
    'zh-CN': {
      title: '无法识别此密钥',
      meaning: '阿里云没有这个 AccessKey ID，可能已被删除，或缺少字符。',
      next: '请检查 AccessKey ID，或申请新的密钥。',
    },
  },
  'oss.disabledKey': {
    en: {
      title: 'This key is switched off.',
      meaning: 'The AccessKey exists, but its owner has disabled it.',
      next: 'Ask the owner to enable it, or use another key.',
    },
    'zh-CN': {
      title: '此密钥已被禁用',
      meaning: 'AccessKey 存在，但已被所有者禁用。',
      next: '请联系所有者启用，或使用其他密钥。',
    },
  },
  'oss.signatureMismatch': {
    en: {
      title: 'The secret does not match this key.',
      meaning: 'Often one character is missing, or a space came along when it was copied.',
      next: 'Paste the secret again.',
    },
    'zh-CN': {
      title: 'AccessKey Secret 与此密钥不匹配',
      meaning: '常见原因是复制时缺少字符或多了空格。',
      next: '请重新粘贴 AccessKey Secret。',
    },
  },
  'oss.clockSkewed': {
    en: {
      title: (d) =>
        d['skewMs'] ? `This computer’s clock is ${lag(d, 'h', 'min')} off.` : 'This computer’s clock is wrong.',
      meaning: 'The service only accepts requests with the right time.',
      next: 'Turn on automatic time in the system’s settings, then try again.',
    },
    'zh-CN': {
      title: (d) => (d['skewMs'] ? `电脑时间相差 ${lag(d, '小时', '分钟')}` : '电脑时间不准'),
      meaning: '服务只接受时间正确的请求。',
      next: '请在系统设置中开启自动校时，然后重试。',
    },
  },
  'oss.tokenExpired': {
    en: {
      title: 'The temporary access has ended.',
      meaning: 'Temporary keys are only good for a set time. Pages that are already here still show.',
      next: 'Enter a new temporary key.',
    },
    'zh-CN': {
      title: '临时凭证已过期',
      meaning: '临时密钥只在限定时间内有效。已获取的页面仍可查看。',
      next: '请输入新的临时密钥。',
    },
  },
  'oss.tokenInvalid': {
    en: {
      title: 'The security token does not fit this key.',
      meaning: 'ID, secret and token of a temporary key belong together; one of the three is from another set.',
      next: 'Paste all three again from the same source.',
    },
    'zh-CN': {
      title: '安全令牌与此密钥不匹配',
      meaning: '临时密钥的 ID、Secret 和令牌必须成套使用，其中一项来自另一套。',
      next: '请从同一来源重新粘贴这三项。',
    },
  },
  'oss.linkExpired': {
    en: {
      title: 'This link has expired.',
      meaning: 'Signed links work for a set time.',
      next: 'Ask for a new link, or open the document by its path.',
    },
    'zh-CN': {
      title: '此链接已过期',
      meaning: '签名链接只在限定时间内有效。',
      next: '请获取新的链接，或通过路径打开文档。',
    },
  },
  'oss.listBucketsDenied': {
    en: {
      title: 'This key may not list buckets. That is normal for limited keys.',
      meaning: 'It may still open the bucket or folder it was made for.',
      next: 'Type the folder you were given, for example oss://team-docs/reports/.',
    },
    'zh-CN': {
      title: '此密钥无权列出存储空间，受限密钥通常如此',
      meaning: '它仍可能打开为其授权的存储空间或文件夹。',
      next: '请输入分配给您的路径，例如 oss://team-docs/reports/。',
    },
  },
  'oss.listDenied': {
    en: {
      title: 'This key may not see what is in here.',
      meaning: (d) => `It is not allowed to list ${quoted(d['bucket'], 'this bucket')}. Other folders may still open.`,
      next: 'Go to a folder you were given, or ask the owner for the right to list this one.',
    },
    'zh-CN': {
      title: '无权查看此处的内容',
      meaning: (d) => `此密钥无权列出${quoted(d['bucket'], '此存储空间')}中的文件，其他文件夹可能仍可打开。`,
      next: '请前往分配给您的文件夹，或向所有者申请列举权限。',
    },
  },
  'oss.readDenied': {
    en: {
      title: 'This key may see the document’s name, but not open it.',
      meaning: 'The right to read it is missing.',
      next: 'Ask the owner for read access (oss:GetObject).',
    },
    'zh-CN': {
      title: '没有打开此文件的权限',
      meaning: '此密钥可以看到文件名，但缺少读取权限。',
      next: '请向所有者申请读取权限（oss:GetObject）。',
    },
  },
  'oss.processDenied': {
    en: {
      title: 'This key can read documents, but not turn them into pictures.',
      meaning: (d) =>
        d['action']
          ? `One further right is missing: ${d['action']}. Pages that are already here still show.`
          : 'Two further rights are needed: oss:ProcessImm and imm:CreateOfficeConversionTask. Pages that are already here still show.',
      next: (d) =>
        d['reason'] === 'forbidden'
          ? 'Somebody has forbidden it on purpose: ask the administrator of the account.'
          : 'Ask the administrator of the account to grant it.',
    },
    'zh-CN': {
      title: '缺少将文档转为图片的权限',
      meaning: (d) =>
        d['action']
          ? `此密钥可以读取文档，但还缺少权限：${d['action']}。已获取的页面仍可查看。`
          : '此密钥可以读取文档，但还需要两项权限：oss:ProcessImm 和 imm:CreateOfficeConversionTask。已获取的页面仍可查看。',
      next: (d) =>
        d['reason'] === 'forbidden' ? '该操作被明确禁止，请联系账号管理员。' : '请联系账号管理员授予权限。',
    },
  },
  'oss.kmsDenied': {
    en: {
      title: (d) =>
        d['reason'] === 'denied'
          ? 'This document is encrypted with a key you may not use.'
          : 'This document cannot be decrypted.',
      meaning: (d) =>
        ({
          off: 'The encryption key (KMS) or its service is switched off, or about to be deleted.',
          debt: 'The key service (KMS) is suspended because of an unpaid bill.',
          gone: 'The key that it was encrypted with is not there any more.',
        })[String(d['reason'])] ?? 'The service needs the right to decrypt it for you. Other documents still open.',
      next: (d) =>
        d['reason'] === 'denied'
          ? 'Ask the owner for kms:Decrypt on that key.'
          : 'Ask the owner to look at the key in the KMS console.',
    },
    'zh-CN': {
      title: (d) => (d['reason'] === 'denied' ? '没有解密此文件的权限' : '无法解密此文件'),
      meaning: (d) =>
        ({
          off: '加密密钥（KMS）或其服务未启用、已停用，或即将被删除。',
          debt: '密钥服务（KMS）因欠费已暂停。',
          gone: '加密所用的密钥已不存在。',
        })[String(d['reason'])] ?? '文件使用 KMS 密钥加密，服务需要相应权限才能解密。其他文件不受影响。',
      next: (d) =>
        d['reason'] === 'denied' ? '请向所有者申请该密钥的 kms:Decrypt 权限。' : '请所有者在 KMS 控制台检查该密钥。',
    },
  },
  'oss.accountDisabled': {
    en: {
      title: 'The cloud account does not serve requests now.',
      meaning: 'The account or the bucket is suspended, often because of an unpaid bill.',
      next: 'Ask the owner of the account.',
    },
    'zh-CN': {
      title: '该云账号目前无法提供服务',
      meaning: '账号或存储空间已被停用，常见原因是欠费。',
      next: '请联系账号所有者。',
    },
  },

  // ---- where things are
  'oss.wrongEndpoint': {
    en: {
      title: (d) => `The bucket ${quoted(d['bucket'], '')} is reached at another address.`.replace('  ', ' '),
      meaning: (d) =>
        d['endpoint'] ? `It answers at ${d['endpoint']}.` : 'The endpoint of this account does not lead to it.',
      next: 'Set this endpoint and its region in the account.',
    },
    'zh-CN': {
      title: (d) => `存储空间${quoted(d['bucket'], '')}需要通过其他地址访问`,
      meaning: (d) => (d['endpoint'] ? `正确的地址是 ${d['endpoint']}。` : '此账号的 Endpoint 无法访问它。'),
      next: '请在账号中设置正确的 Endpoint 和地域。',
    },
  },
  'oss.wrongRegion': {
    en: {
      title: 'The region does not fit the address.',
      meaning: (d) =>
        d['region']
          ? `The service expects ${d['region']}.`
          : 'Requests are signed for a region, and this one is not the right one.',
      next: 'Choose the region that the bucket is in.',
    },
    'zh-CN': {
      title: '地域与地址不匹配',
      meaning: (d) => (d['region'] ? `服务要求的地域是 ${d['region']}。` : '请求按地域签名，而当前地域不正确。'),
      next: '请选择存储空间所在的地域。',
    },
  },
  'oss.publicEndpointForbidden': {
    en: {
      title: 'This bucket cannot be read through the public address.',
      meaning:
        'New accounts in mainland China may read documents only through a domain that is bound to the bucket, or from inside Alibaba Cloud. Lists of buckets still work.',
      next: 'Enter the bucket’s own domain. Its owner can bind one in the OSS console.',
    },
    'zh-CN': {
      title: '此存储空间不允许通过公网地址读取',
      meaning: '中国内地的新账号只能通过绑定到存储空间的域名，或在阿里云内网中读取文档。存储空间列表不受影响。',
      next: '请填写该存储空间的自定义域名，所有者可在 OSS 控制台绑定。',
    },
  },
  'oss.accelerationOff': {
    en: {
      title: 'Acceleration is not switched on for this bucket.',
      meaning: 'The account goes through the acceleration address, which only serves buckets that have it on.',
      next: 'Choose the public address in the account, or ask the owner to switch acceleration on.',
    },
    'zh-CN': {
      title: '此存储空间未开启传输加速',
      meaning: '此账号使用传输加速地址，只能访问已开启该功能的存储空间。',
      next: '请在账号中改用公网地址，或请所有者开启传输加速。',
    },
  },
  'oss.requesterPays': {
    en: {
      title: 'Whoever reads from this bucket pays for it.',
      meaning:
        'Its owner has switched on “requester pays”, and this app never agrees to that for you. Other buckets still open.',
      next: 'Ask the owner to switch it off, or for a copy in another bucket.',
    },
    'zh-CN': {
      title: '此存储空间由请求者付费',
      meaning: '所有者开启了“请求者付费”，本应用不会替您同意付费。其他存储空间不受影响。',
      next: '请所有者关闭该模式，或提供其他存储空间中的副本。',
    },
  },
  'oss.noSuchBucket': {
    en: {
      title: (d) =>
        d['bucket'] ? `There is no bucket called ${quoted(d['bucket'], '')}.` : 'There is no such bucket.',
      meaning: 'It may have been deleted, or the name has a typing error.',
      next: 'Check the name.',
    },
    'zh-CN': {
      title: (d) => `找不到存储空间${quoted(d['bucket'], '')}`,
      meaning: '它可能已被删除，或名称输入有误。',
      next: '请检查名称。',
    },
  },
  'oss.noSuchKey': {
    en: {
      title: 'This document is no longer here.',
      meaning: 'It may have been moved, renamed or deleted.',
      next: 'Refresh the folder to see what is there now.',
    },
    'zh-CN': {
      title: '文件不存在或已移动',
      meaning: '它可能已被移动、重命名或删除。',
      next: '请刷新文件夹查看当前内容。',
    },
  },
  'oss.noSuchVersion': {
    en: {
      title: 'This version is no longer here.',
      meaning: 'Other versions of the document may still exist.',
      next: 'Open the newest version from its folder.',
    },
    'zh-CN': { title: '此版本已不存在', meaning: '该文档的其他版本可能仍在。', next: '请从文件夹中打开最新版本。' },
  },
  'oss.archived': {
    en: {
      title: 'This document is in cold storage.',
      meaning: 'Archived documents must be restored before they can be read. That takes minutes to hours.',
      next: 'Ask the owner to restore it, then open it again.',
    },
    'zh-CN': {
      title: '归档文件，需先解冻',
      meaning: '归档存储的文件需要解冻后才能读取，可能需要几分钟到几小时。',
      next: '请联系所有者解冻，然后再打开。',
    },
  },
  'oss.badRequest': {
    en: {
      title: 'The service did not accept this request.',
      meaning: 'The name may hold characters that the service does not take. Other documents still open.',
      next: 'Copy the details if you want to report it.',
    },
    'zh-CN': {
      title: '服务未接受此请求',
      meaning: '名称中可能含有服务不支持的字符。其他文档仍可打开。',
      next: '如需反馈，请复制详细信息。',
    },
  },

  // ---- taking on a RAM role
  'sts.roleDenied': {
    en: {
      title: 'This key may not take on the role.',
      meaning: 'The key itself was accepted. Either it lacks the right sts:AssumeRole, or the role does not trust it.',
      next: 'Ask the administrator to grant sts:AssumeRole on this role and to name your user in its trust policy.',
    },
    'zh-CN': {
      title: '此密钥无权扮演该角色',
      meaning: '密钥本身有效，但缺少 sts:AssumeRole 权限，或该角色不信任此用户。',
      next: '请管理员为您授予该角色的 sts:AssumeRole 权限，并在角色的信任策略中加入您的用户。',
    },
  },
  'sts.noSuchRole': {
    en: {
      title: 'There is no such role.',
      meaning: 'The key was accepted, but its account has no RAM role of this name.',
      next: 'Check the role’s ARN: the RAM console shows it on the role’s page.',
    },
    'zh-CN': {
      title: '找不到该角色',
      meaning: '密钥有效，但所属账号中没有这个 RAM 角色。',
      next: '请检查角色 ARN，可在 RAM 控制台的角色详情页查看。',
    },
  },
  'sts.badDuration': {
    en: {
      title: 'The role does not allow sessions that long.',
      meaning: 'Each role has a longest session of its own, often one hour.',
      next: 'Choose a shorter time.',
    },
    'zh-CN': {
      title: '会话时长超出角色的上限',
      meaning: '每个角色都有最大会话时间，通常为 1 小时。',
      next: '请选择较短的时长。',
    },
  },
  'sts.badRequest': {
    en: {
      title: 'The token service did not accept the role as written.',
      meaning: 'The key was accepted; something about the role or its session name was not.',
      next: 'Check both. The details say which.',
    },
    'zh-CN': {
      title: 'STS 未接受填写的角色信息',
      meaning: '密钥有效，但角色或会话名称有误。',
      next: '请检查这两项，详细信息中说明了原因。',
    },
  },

  // ---- load
  'oss.throttled': {
    en: {
      title: 'The service is busy.',
      meaning: 'Too many requests at once; we have slowed down.',
      next: (_, error) =>
        error.retryAfterMs ? `Try again in ${Math.ceil(error.retryAfterMs / 1000)} s.` : 'Try again in a moment.',
    },
    'zh-CN': {
      title: '服务繁忙',
      meaning: '同时请求过多，已自动降低速度。',
      next: (_, error) =>
        error.retryAfterMs ? `请在 ${Math.ceil(error.retryAfterMs / 1000)} 秒后重试。` : '请稍后重试。',
    },
  },
  'oss.unavailable': {
    en: {
      title: 'The service has a problem of its own.',
      meaning: 'It could not answer this time.',
      next: 'Try again in a moment.',
    },
    'zh-CN': { title: '服务暂时不可用', meaning: '服务此次未能响应。', next: '请稍后重试。' },
  },
  'oss.unknown': {
    en: {
      title: 'The service said no, for a reason we do not know.',
      meaning: 'Everything else still works.',
      next: 'Copy the details; they help to find out.',
    },
    'zh-CN': {
      title: '服务拒绝了请求，原因未知',
      meaning: '其他功能不受影响。',
      next: '请复制详细信息，以便查明原因。',
    },
  },

  // ---- page pictures
  'snapshot.notAttached': {
    en: {
      title: 'Page pictures are not switched on for this bucket.',
      meaning: (d) =>
        `${quoted(d['bucket'], 'The bucket')} has no Intelligent Media Management (IMM) project attached.`,
      next: 'An administrator can attach one in the OSS console: bucket, Data Processing, IMM, same region.',
    },
    'zh-CN': {
      title: '此存储空间尚未开通文档快照',
      meaning: (d) => `${quoted(d['bucket'], '此存储空间')}没有绑定智能媒体管理（IMM）项目。`,
      next: '请管理员在 OSS 控制台为该存储空间绑定同地域的 IMM 项目。',
    },
  },
  'snapshot.roleMissing': {
    en: {
      title: 'The picture service itself may not read this bucket.',
      meaning:
        'Intelligent Media Management (IMM) works with a role of its own, usually AliyunIMMDefaultRole, and that role is missing or lacks rights. Your key is fine.',
      next: 'Ask the administrator to authorise IMM’s service role once in the IMM console.',
    },
    'zh-CN': {
      title: '图片服务本身无权读取此存储空间',
      meaning:
        '智能媒体管理（IMM）使用自己的角色工作，通常是 AliyunIMMDefaultRole，该角色不存在或缺少权限。您的密钥没有问题。',
      next: '请管理员在 IMM 控制台完成一次服务角色授权。',
    },
  },
  'snapshot.pageOutOfRange': {
    en: {
      title: (d) => (d['lastPage'] ? `That is past the last page (${d['lastPage']}).` : 'That is past the last page.'),
      meaning: 'The document ends before this page.',
      next: '',
    },
    'zh-CN': {
      title: (d) => (d['lastPage'] ? `超出最后一页（第 ${d['lastPage']} 页）` : '超出最后一页'),
      meaning: '文档在此页之前已结束。',
      next: '',
    },
  },
  'snapshot.pageLimit': {
    en: {
      title: 'Only the first 2,000 pages can be shown.',
      meaning: 'The service makes no pictures beyond that.',
      next: '',
    },
    'zh-CN': { title: '最多显示前 2,000 页', meaning: '服务不提供之后页面的图片。', next: '' },
  },
  'snapshot.tooLarge': {
    en: {
      title: 'This document is too large for page pictures.',
      meaning: 'The service takes documents of up to 20 MB.',
      next: 'Open a smaller copy of it, for example a compressed PDF.',
    },
    'zh-CN': {
      title: '文件超过 20 MB',
      meaning: '服务只处理不超过 20 MB 的文档。',
      next: '请打开较小的副本，例如压缩后的 PDF。',
    },
  },
  'snapshot.typeUnknown': {
    en: {
      title: 'We cannot tell what kind of document this is.',
      meaning: 'PDF, Word, Excel and PowerPoint can be shown.',
      next: 'Choose the type, if you know it.',
    },
    'zh-CN': {
      title: '无法判断文档类型',
      meaning: '支持 PDF、Word、Excel 和 PowerPoint。',
      next: '如果您知道类型，请手动选择。',
    },
  },
  'snapshot.unreadable': {
    en: {
      title: (d) =>
        d['reason'] === 'password'
          ? 'This document is protected by a password.'
          : 'The service could not read this document.',
      meaning: (d) =>
        ({
          password: 'The service cannot open it, and has no way to take a password.',
          empty: 'The file is empty.',
          'wrong-content': 'What is inside is not what the name says.',
          damaged: 'The file seems to be damaged.',
        })[String(d['reason'])] ?? 'It may be protected by a password, or damaged.',
      next: (d) =>
        d['reason'] === 'password' ? 'Ask for a copy without a password.' : 'Ask the owner for a sound copy.',
    },
    'zh-CN': {
      title: (d) => (d['reason'] === 'password' ? '此文档受密码保护' : '服务无法读取此文档'),
      meaning: (d) =>
        ({
          password: '服务无法打开它，也不支持输入密码。',
          empty: '文件是空的。',
          'wrong-content': '文件内容与名称所示的类型不符。',
          damaged: '文件似乎已损坏。',
        })[String(d['reason'])] ?? '文档可能已加密或损坏。',
      next: (d) => (d['reason'] === 'password' ? '请索取没有密码的副本。' : '请向所有者索取完好的副本。'),
    },
  },
  'snapshot.tooSlow': {
    en: {
      title: 'This page took too long to convert.',
      meaning: 'Complex pages can do that. The other pages are not affected.',
      next: 'Try again; the second time is often faster.',
    },
    'zh-CN': {
      title: '此页转换时间过长',
      meaning: '复杂页面可能如此，其他页面不受影响。',
      next: '请重试，再次转换通常更快。',
    },
  },
  'snapshot.officeMissing': {
    en: {
      title: 'Office samples need LibreOffice on this computer.',
      meaning: 'The sample documents are converted here, without the cloud. PDF samples work as they are.',
      next: (d) =>
        d['command'] ? `Install it with: ${d['command']}` : 'Install LibreOffice, then open the document again.',
    },
    'zh-CN': {
      title: '查看 Office 示例需要在这台电脑上安装 LibreOffice',
      meaning: '示例文档在本机转换，不经过云端。PDF 示例可直接查看。',
      next: (d) => (d['command'] ? `安装命令：${d['command']}` : '请安装 LibreOffice，然后重新打开文档。'),
    },
  },
  'snapshot.notAnImage': {
    en: {
      title: 'What came back is not a whole picture.',
      meaning: 'The service answered, but the picture is broken. Other pages are not affected.',
      next: 'Try again if the page matters.',
    },
    'zh-CN': {
      title: '返回的图片不完整',
      meaning: '服务已响应，但图片已损坏。其他页面不受影响。',
      next: '如果需要此页，请重试。',
    },
  },
  'snapshot.unclear': {
    en: {
      title: 'The picture of this page did not arrive.',
      meaning: 'It was asked for, but no whole answer came in time. Other pages are not affected.',
      next: 'Try again if the page matters.',
    },
    'zh-CN': {
      title: '未收到此页的图片',
      meaning: '已发出请求，但没有及时收到完整的响应。其他页面不受影响。',
      next: '如果需要此页，请重试。',
    },
  },
  'kept.notHere': {
    en: {
      title: 'This page isn’t kept here.',
      meaning: 'You are reading the offline copy. Nothing was asked of the service and nothing was bought.',
      next: 'Check again when the service can be reached; then the page can be bought.',
    },
    'zh-CN': {
      title: '本机没有保存此页',
      meaning: '您正在阅读离线副本。未向服务发出请求，也未产生费用。',
      next: '能够连接服务时请重新检查，之后即可购买此页。',
    },
  },
  'kept.locked': {
    en: {
      title: (d) =>
        Number(d['lockedPages']) === 1
          ? '1 page of this document is kept here, but locked.'
          : `${d['lockedPages'] ?? 'Some'} pages of this document are kept here, but locked.`,
      meaning: (d) => `${LOCKED.en[lockReason(d)]} Nothing was bought.`,
      next: (d) => LOCKED_NEXT.en[lockReason(d)],
    },
    'zh-CN': {
      title: (d) => `此文档有 ${d['lockedPages'] ?? '若干'} 页保存在这台电脑上，但已加密，无法读取`,
      meaning: (d) => `${LOCKED['zh-CN'][lockReason(d)]}没有购买任何页面。`,
      next: (d) => LOCKED_NEXT['zh-CN'][lockReason(d)],
    },
  },
  'snapshot.refused': {
    en: {
      title: 'The service could not make a picture of this page.',
      meaning: 'It gave a reason we do not know. Other pages may still work.',
      next: 'Look at the details, or try another page.',
    },
    'zh-CN': {
      title: '服务无法生成此页的图片',
      meaning: '服务给出的原因未知。其他页面可能仍可查看。',
      next: '请查看详细信息，或尝试其他页面。',
    },
  },

  // ---- keychain and accounts
  'keychain.unavailable': {
    en: {
      title: 'This computer has no secure place for keys.',
      meaning: 'There is no keychain or keyring that the app could use. It never stores a key in a file.',
      next: 'Use the key only until you quit, or set up a keyring (on Linux: GNOME Keyring or KWallet).',
    },
    'zh-CN': {
      title: '这台电脑没有安全的密钥存储',
      meaning: '没有可用的钥匙串。本应用绝不会把密钥写入文件。',
      next: '可以仅在退出前使用此密钥，或设置钥匙串（Linux：GNOME Keyring 或 KWallet）。',
    },
  },
  'keychain.locked': {
    en: {
      title: 'The keychain is locked.',
      meaning: 'The key is still in it; nothing was lost.',
      next: 'Unlock the keychain, then try again. Or type the secret for this run only.',
    },
    'zh-CN': {
      title: '钥匙串已锁定',
      meaning: '密钥仍在其中，没有丢失。',
      next: '请解锁钥匙串后重试，或仅为本次运行输入密钥。',
    },
  },
  'keychain.missing': {
    en: {
      title: (d) =>
        isForOneRun(d)
          ? 'The secret of this account was not kept.'
          : 'The secret of this account is not in the keychain.',
      meaning: (d) =>
        isForOneRun(d)
          ? 'It was to be known only until the app was closed. The account’s name and settings are still here.'
          : 'It was removed from outside this app. The account’s name and settings are still here.',
      next: 'Type the secret again.',
    },
    'zh-CN': {
      title: (d) => (isForOneRun(d) ? '此账号的密钥没有保存' : '钥匙串中没有此账号的密钥'),
      meaning: (d) =>
        isForOneRun(d)
          ? '它只在应用关闭之前有效。账号的名称和设置仍在。'
          : '它已在本应用之外被删除。账号的名称和设置仍在。',
      next: '请重新输入密钥。',
    },
  },
  'keychain.failed': {
    en: {
      title: 'The keychain did not do what was asked.',
      meaning: 'The computer’s key store reported a problem of its own.',
      next: 'Try again, or use the key only until you quit.',
    },
    'zh-CN': { title: '钥匙串操作失败', meaning: '系统密钥存储报告了错误。', next: '请重试，或仅在退出前使用此密钥。' },
  },
  'account.unknown': {
    en: {
      title: 'This account is no longer on this computer.',
      meaning: 'It was removed a moment ago.',
      next: 'Choose another account.',
    },
    'zh-CN': { title: '此账号已不在这台电脑上', meaning: '它刚刚被移除。', next: '请选择其他账号。' },
  },
  'account.invalid': {
    en: {
      title: (d) => `Something is wrong with the ${FIELDS.en[String(d['field'])] ?? 'form'}.`,
      meaning: 'It cannot be used as it stands.',
      next: 'Correct it and try again.',
    },
    'zh-CN': {
      title: (d) => `“${FIELDS['zh-CN'][String(d['field'])] ?? '表单'}”填写有误`,
      meaning: '当前内容无法使用。',
      next: '请修改后重试。',
    },
  },
  'address.invalid': {
    en: {
      title: 'This is not an address we can open.',
      meaning: 'An oss:// path, the link of an object, or a signed link works.',
      next: 'For example: oss://bucket/folder/document.pdf',
    },
    'zh-CN': {
      title: '无法打开此地址',
      meaning: '支持 oss:// 路径、文件链接或签名链接。',
      next: '例如：oss://bucket/folder/document.pdf',
    },
  },
  'address.noBucketHere': {
    en: {
      title: 'This address belongs to another service.',
      meaning: 'The account in use does not reach it.',
      next: 'Switch to the account it belongs to.',
    },
    'zh-CN': { title: '此地址属于其他服务', meaning: '当前账号无法访问它。', next: '请切换到它所属的账号。' },
  },
  'document.closed': {
    en: {
      title: 'This document has been closed.',
      meaning: 'Pictures that were bought are still here.',
      next: 'Open it again from its folder.',
    },
    'zh-CN': { title: '此文档已关闭', meaning: '已购买的图片仍在。', next: '请从文件夹中重新打开。' },
  },

  // ---- files
  'file.noSpace': {
    en: {
      title: 'The disk is full.',
      meaning: 'Pages written so far are whole and stay where they are.',
      next: 'Make room or choose another folder, then try the rest again.',
    },
    'zh-CN': {
      title: '磁盘已满',
      meaning: '已写入的页面是完整的，会保留在原处。',
      next: '请清理空间或选择其他文件夹，然后重试剩余页面。',
    },
  },
  'file.noAccess': {
    en: {
      title: 'This folder cannot be written to.',
      meaning: 'The system does not allow it.',
      next: 'Choose another folder.',
    },
    'zh-CN': { title: '无法写入此文件夹', meaning: '系统不允许写入。', next: '请选择其他文件夹。' },
  },
  'file.gone': {
    en: {
      title: 'The folder is no longer there.',
      meaning: 'It was moved or deleted, or its drive was taken out.',
      next: 'Choose a folder again.',
    },
    'zh-CN': { title: '文件夹已不存在', meaning: '它已被移动或删除，或所在的磁盘已移除。', next: '请重新选择文件夹。' },
  },
  'export.nothing': {
    en: {
      title: 'There is no page to export.',
      meaning: 'The pages that were chosen lie past the end of the document.',
      next: 'Choose other pages.',
    },
    'zh-CN': { title: '没有可导出的页面', meaning: '所选页面超出了文档范围。', next: '请选择其他页面。' },
  },
  'cost.budgetReached': {
    en: {
      title: 'This month’s budget is used up.',
      meaning: 'No further page pictures are bought. Pages that are here still open and export.',
      next: 'Raise the budget in the settings, or go on once.',
    },
    'zh-CN': {
      title: '本月预算已用完',
      meaning: '不再购买新的页面图片。已获取的页面仍可查看和导出。',
      next: '请在设置中提高预算，或仅本次继续。',
    },
  },
  'cost.budgetInMoney': {
    en: {
      title: 'A budget counts in money.',
      meaning:
        'It needs its currency and the price of page pictures, so neither was changed. Without them it could not stop anything.',
      next: 'Set that budget in pictures, or empty it, then change this.',
    },
    'zh-CN': {
      title: '有预算按金额计量',
      meaning: '该预算需要当前币种和页面图片的价格，否则无法生效，因此未作更改。',
      next: '请先将该预算改为按图片数计量或清空，再作更改。',
    },
  },
  'places.full': {
    en: {
      title: 'There are 500 pins already.',
      meaning: 'No more are kept. Nothing was lost.',
      next: 'Remove a pin you no longer need, then pin this.',
    },
    'zh-CN': {
      title: '固定项已达 500 个',
      meaning: '无法再添加，已有的固定项不受影响。',
      next: '请先移除不再需要的固定项。',
    },
  },

  // ---- settings of the network
  'network.badCertificate': {
    en: {
      title: 'This file holds no certificate of an authority.',
      meaning: (d) => BAD_CERTIFICATES.en[String(d['reason'])] ?? 'It cannot be used.',
      next: 'Ask your network administrator for the company’s root certificate as a file.',
    },
    'zh-CN': {
      title: '此文件中没有可用的 CA 证书',
      meaning: (d) => BAD_CERTIFICATES['zh-CN'][String(d['reason'])] ?? '此文件无法使用。',
      next: '请向网络管理员索取公司的根证书文件。',
    },
  },
  'network.unreadable': {
    en: {
      title: 'This file cannot be read.',
      meaning: 'The system does not allow it, or it is gone.',
      next: 'Choose another file.',
    },
    'zh-CN': { title: '无法读取此文件', meaning: '系统不允许读取，或文件已不存在。', next: '请选择其他文件。' },
  },
  'network.invalid': {
    en: {
      title: (d) => `Please check ${NETWORK_FIELDS.en[String(d['field'])] ?? 'the settings'}.`,
      meaning: 'It is missing or not understood. The settings before are still in force.',
      next: '',
    },
    'zh-CN': {
      title: (d) => `请检查${NETWORK_FIELDS['zh-CN'][String(d['field'])] ?? '设置'}`,
      meaning: '内容缺失或格式不正确，此前的设置仍然有效。',
      next: '',
    },
  },

  // ---- the app itself
  cancelled: {
    en: { title: 'Stopped.', meaning: 'It was stopped before it was done.', next: '' },
    'zh-CN': { title: '已停止', meaning: '操作在完成前被停止。', next: '' },
  },
  'ipc.forbidden': {
    en: {
      title: 'The app refused its own request.',
      meaning: 'A safety check did not pass.',
      next: 'Close the window and start the app again.',
    },
    'zh-CN': { title: '应用拒绝了内部请求', meaning: '安全检查未通过。', next: '请关闭窗口并重新启动应用。' },
  },
  'ipc.invalid': {
    en: {
      title: 'This cannot be done as it stands.',
      meaning: 'Something that was entered has a shape the app does not take.',
      next: 'Check what was entered.',
    },
    'zh-CN': { title: '无法执行此操作', meaning: '输入的内容格式不受支持。', next: '请检查输入的内容。' },
  },
  internal: {
    en: {
      title: 'Something unexpected happened.',
      meaning: 'This is a fault of the app. What is already on the screen still works.',
      next: 'Try again; copy the details if you want to report it.',
    },
    'zh-CN': {
      title: '发生未知错误',
      meaning: '这是应用自身的问题。屏幕上已有的内容仍可使用。',
      next: '请重试；如需反馈，请复制详细信息。',
    },
  },
} satisfies Record<ErrorCode, Bilingual<Entry>>;

const MONEY: Bilingual<{ no: string; unclear: string }> = {
  en: {
    no: 'Nothing was charged.',
    unclear: 'This page may already have been charged; trying again may cost it once more.',
  },
  'zh-CN': { no: '未产生费用。', unclear: '此页可能已经计费，重试可能再次计费。' },
};

/**
 * An error in the words of a language. Whether money was spent is said wherever it is unclear, and always of a page's
 * picture: `isOfPicture` for errors that only the place where they are met tells to be of one.
 */
export function toErrorWords(
  error: AppError,
  language: Language,
  isOfPicture = error.code.startsWith('snapshot.'),
): ErrorWords {
  const entry: Entry = ERRORS[error.code][language];
  const say = (sentence: Sentence): string =>
    typeof sentence === 'string' ? sentence : sentence(error.detail ?? {}, error);
  const isAboutMoney = error.charged === 'unclear' || isOfPicture;
  return {
    title: say(entry.title),
    meaning: say(entry.meaning),
    next: say(entry.next),
    money: isAboutMoney ? MONEY[language][error.charged] : '',
  };
}

/** The labels around an error: its fold and its copy button. */
export const errorLabels: Bilingual<{
  details: string;
  code: string;
  ec: string;
  requestId: string;
  status: string;
  message: string;
  copy: string;
}> = {
  en: {
    details: 'Details',
    code: 'Code',
    ec: 'EC',
    requestId: 'Request ID',
    status: 'HTTP status',
    message: 'Message',
    copy: 'Copy details',
  },
  'zh-CN': {
    details: '详细信息',
    code: '错误码',
    ec: 'EC',
    requestId: '请求 ID',
    status: 'HTTP 状态',
    message: '消息',
    copy: '复制详细信息',
  },
};
