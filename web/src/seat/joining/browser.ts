/** Which browser this is, as far as it matters for what it asks and where it is allowed. */

export type Kind =
  | "wechat_ios"
  | "wechat_android"
  | "wechat_desktop"
  | "safari_ios"
  | "other_ios"
  | "chrome_android"
  | "other_android"
  | "in_app"
  | "chrome"
  | "edge"
  | "firefox"
  | "safari"
  | "other";

export interface Browser {
  kind: Kind;
  phone: boolean;
  /** For people: "WeChat · iPhone". Brands are the same in every language. */
  words: string;
}

/** Pages within these apps get neither microphone nor camera, or only sometimes. */
const APPS: [RegExp, string][] = [
  [/AlipayClient/, "Alipay"],
  [/DingTalk/, "DingTalk"],
  [/aweme|BytedanceWebview|NewsArticle/i, "Douyin"],
  [/Weibo/i, "Weibo"],
  [/baiduboxapp/, "Baidu"],
  [/\bQQ\/\d/, "QQ"],
  [/XiaoHongShu|discover\/\d/, "Xiaohongshu"],
  [/FBAN|FBAV|Instagram|\bLine\//, "In-app browser"],
];
const IOS_BROWSERS: [RegExp, string][] = [
  [/CriOS/, "Chrome"],
  [/EdgiOS/, "Edge"],
  [/FxiOS/, "Firefox"],
  [/MQQBrowser/, "QQ Browser"],
  [/UCBrowser|UCWEB/, "UC Browser"],
  [/Quark/, "Quark"],
];
const ANDROID_BROWSERS: [RegExp, string][] = [
  [/HuaweiBrowser|ArkWeb/, "Huawei Browser"],
  [/HonorBrowser/, "Honor Browser"],
  [/MiuiBrowser|XiaoMi/, "Mi Browser"],
  [/HeyTapBrowser/, "OPPO Browser"],
  [/VivoBrowser/, "vivo Browser"],
  [/SamsungBrowser/, "Samsung Internet"],
  [/MQQBrowser/, "QQ Browser"],
  [/UCBrowser/, "UC Browser"],
  [/Quark/, "Quark"],
  [/EdgA/, "Edge"],
  [/Firefox/, "Firefox"],
];

/** `touchPoints`: an iPad calls itself a Mac, but a Mac can't be touched. */
export function browserOf(userAgent: string, touchPoints = 0): Browser {
  const ua = userAgent;
  const pad = /iPad/.test(ua) || (/Macintosh/.test(ua) && touchPoints > 1);
  const apple = pad ? "iPad" : /iPhone|iPod/.test(ua) ? "iPhone" : null;
  const android = /Android|OpenHarmony|HarmonyOS/.test(ua);
  const phone = apple !== null || android;
  const device = apple ?? (android ? (/OpenHarmony/.test(ua) ? "HarmonyOS" : "Android") : desk(ua));
  const found = (kind: Kind, name: string): Browser => ({
    kind,
    phone,
    words: `${name} · ${device}`,
  });

  if (/MicroMessenger/.test(ua)) {
    if (apple) return found("wechat_ios", "WeChat");
    return found(android ? "wechat_android" : "wechat_desktop", "WeChat");
  }
  const app = named(APPS, ua);
  if (app) return found("in_app", app);
  if (apple) {
    const other = named(IOS_BROWSERS, ua);
    if (other) return found("other_ios", other);
    return /Safari\//.test(ua) ? found("safari_ios", "Safari") : found("in_app", "In-app browser");
  }
  if (android) {
    const other = named(ANDROID_BROWSERS, ua);
    if (other) return found("other_android", other);
    if (/; wv\)/.test(ua)) return found("in_app", "In-app browser");
    return /Chrome\//.test(ua)
      ? found("chrome_android", "Chrome")
      : found("other_android", "Browser");
  }
  if (/Edg\//.test(ua)) return found("edge", "Edge");
  if (/Firefox\//.test(ua)) return found("firefox", "Firefox");
  if (/Chrome\//.test(ua)) return found("chrome", "Chrome");
  if (/Safari\//.test(ua) && /Macintosh/.test(ua)) return found("safari", "Safari");
  return found("other", "Browser");
}

export function thisBrowser(): Browser {
  return browserOf(navigator.userAgent, navigator.maxTouchPoints);
}

function named(list: [RegExp, string][], ua: string): string | null {
  return list.find(([pattern]) => pattern.test(ua))?.[1] ?? null;
}

function desk(ua: string): string {
  if (/Windows/.test(ua)) return "Windows";
  return /Macintosh/.test(ua) ? "Mac" : "Linux";
}
