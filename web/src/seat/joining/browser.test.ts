import { expect, test } from "vitest";
import { browserOf } from "./browser";

const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15";
const PHONE = "Mozilla/5.0 (Linux; Android 13; PGT-AN10 Build/HONORPGT-AN10; wv)";
const DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)";

test.each([
  [
    `${IPHONE} (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.49(0x18003137) NetType/WIFI Language/zh_CN`,
    "wechat_ios",
    "WeChat · iPhone",
  ],
  [
    `${PHONE} AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.188 Mobile Safari/537.36 XWEB/1260183 MMWEBSDK/20240404 MMWEBID/98 MicroMessenger/8.0.49.2600(0x2800313D) WeChat/arm64 Weixin NetType/4G Language/zh_CN ABI/arm64`,
    "wechat_android",
    "WeChat · Android",
  ],
  [
    "Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.0.0 Safari/537.36 ArkWeb/4.1.6.1 Mobile MicroMessenger/8.0.11",
    "wechat_android",
    "WeChat · HarmonyOS",
  ],
  [
    `${DESK} Chrome/126.0.0.0 Safari/537.36 NetType/WIFI MicroMessenger/7.0.20.1781(0x6700143B) WindowsWechat(0x63090a13) XWEB/9129 Flue`,
    "wechat_desktop",
    "WeChat · Windows",
  ],
  [
    `${IPHONE} (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1`,
    "safari_ios",
    "Safari · iPhone",
  ],
  [
    `${IPHONE} (KHTML, like Gecko) CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1`,
    "other_ios",
    "Chrome · iPhone",
  ],
  [
    `${IPHONE} (KHTML, like Gecko) Mobile/15E148 AlipayClient/10.6.20.6000 Nebula`,
    "in_app",
    "Alipay · iPhone",
  ],
  [
    `${IPHONE} (KHTML, like Gecko) Mobile/15E148 QQ/9.0.60.621 V1_IPH_SQ_9.0.60_1_APP_A Pixel/1170`,
    "in_app",
    "QQ · iPhone",
  ],
  [
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
    "chrome_android",
    "Chrome · Android",
  ],
  [
    "Mozilla/5.0 (Linux; Android 12; NOH-AN00; HMSCore 6.13) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.5735.196 HuaweiBrowser/15.0.4.312 Mobile Safari/537.36",
    "other_android",
    "Huawei Browser · Android",
  ],
  [
    "Mozilla/5.0 (Linux; U; Android 13; zh-cn; 22081212C Build/TKQ1) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/109.0.5414.118 Mobile Safari/537.36 XiaoMi/MiuiBrowser/18.2.150419",
    "other_android",
    "Mi Browser · Android",
  ],
  [
    `${PHONE} AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.188 Mobile Safari/537.36 SomeApp/1.0`,
    "in_app",
    "In-app browser · Android",
  ],
  [`${DESK} Chrome/126.0.0.0 Safari/537.36`, "chrome", "Chrome · Windows"],
  [`${DESK} Chrome/126.0.0.0 Safari/537.36 Edg/126.0.2592.87`, "edge", "Edge · Windows"],
  [
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "firefox",
    "Firefox · Linux",
  ],
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
    "safari",
    "Safari · Mac",
  ],
  ["curl/8.0", "other", "Browser · Linux"],
] as const)("%s", (userAgent, kind, words) => {
  expect(browserOf(userAgent)).toMatchObject({ kind, words });
});

test("an iPad says that it is a Mac, and is touched", () => {
  const ua =
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15";
  expect(browserOf(ua, 5)).toEqual({ kind: "safari_ios", phone: true, words: "Safari · iPad" });
});

test("what is told of a browser is short", () => {
  expect(browserOf("x".repeat(3000)).words.length).toBeLessThanOrEqual(60);
});
