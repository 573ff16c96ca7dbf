/** What people read whose microphone or camera is not given, word by word, in both languages. */
import { afterEach, expect, test } from "vitest";
import { type Lang, speak } from "../../words";
import type { Fault } from "../call/capture";
import { faultAdvice } from "./advice";
import { browserOf } from "./browser";

const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15";
const ANDROID = "Mozilla/5.0 (Linux; Android 13; K) AppleWebKit/537.36 Chrome/126.0.0.0 Mobile";
const BROWSERS = {
  "WeChat, iPhone": `${IPHONE} Mobile/15E148 MicroMessenger/8.0.49`,
  "WeChat, Android": `${ANDROID} MicroMessenger/8.0.49`,
  "Safari, iPhone": `${IPHONE} Version/17.4 Mobile/15E148 Safari/604.1`,
  "Safari, Mac":
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15",
  "Chrome, Android": `${ANDROID} Safari/537.36`,
  "Chrome, PC": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0.0.0 Safari/537.36",
};
type Name = keyof typeof BROWSERS;
type Words = [english: string, chinese: string];

const WHAT: [Fault, ...Words][] = [
  [
    "denied",
    "The browser was told not to give the microphone and camera.",
    "浏览器被设成不让用话筒和摄像头。",
  ],
  [
    "camera_denied",
    "The microphone works, but the camera is blocked.",
    "话筒正常，但摄像头没有被允许。",
  ],
  ["busy", "Another program is using the microphone or camera.", "别的程序正在用话筒或摄像头。"],
  [
    "camera_busy",
    "The microphone works; another program is using the camera.",
    "话筒正常，摄像头被别的程序占着。",
  ],
  [
    "insecure",
    "This page was opened without a secure connection (https), so the browser gives it no microphone or camera.",
    "这个页面不是用安全连接（https）打开的，浏览器不让用话筒和摄像头。",
  ],
  ["unsupported", "This browser can't carry voice and picture.", "这个浏览器不能传声音和画面。"],
];

const AGAIN: Words = ["Come back here and tap “Try again”.", "回到这里，点“再试一次”。"];
const IPHONE_SETTINGS: Words = [
  "Update the iPhone: “Settings”, “General”, “Software Update”.",
  "更新手机系统：“设置”、“通用”、“软件更新”。",
];
const COPY: Words[] = [
  ["Tap “Copy the link” below.", "点下面的“复制链接”。"],
  [
    "Open Safari, Chrome, Edge or the newest WeChat, and paste it there.",
    "打开 Safari、Chrome、Edge 或最新版微信，粘贴进去打开。",
  ],
];

const BLOCKED: Record<Name, Words[]> = {
  "WeChat, iPhone": [
    [
      "Open the iPhone's “Settings”, scroll down and tap “WeChat”.",
      "打开苹果手机的“设置”，往下找到“微信”，点进去。",
    ],
    ["Switch on “Microphone” and “Camera”.", "打开“麦克风”和“相机”。"],
    [
      "Go back to WeChat, close this page, and tap the link in the message again.",
      "回到微信，关掉这个页面，再点一次消息里的链接。",
    ],
  ],
  "WeChat, Android": [
    [
      "Open the phone's “Settings”, then “Apps”, then “WeChat”, then “Permissions”.",
      "打开手机“设置”，点“应用”，找到“微信”，点“权限”。",
    ],
    ["Set “Microphone” and “Camera” to “Allow”.", "把“麦克风”和“相机”都设成“允许”。"],
    AGAIN,
    [
      "Nothing happens? Close this page and tap the link in the message again.",
      "没有反应？关掉这个页面，再点一次消息里的链接。",
    ],
  ],
  "Safari, iPhone": [
    [
      "Tap the sign at the left end of the address bar, then “Website Settings”.",
      "点地址栏最左边的图标，再点“网站设置”。",
    ],
    ["Set “Camera” and “Microphone” to “Allow”.", "把“相机”和“麦克风”都设成“允许”。"],
    AGAIN,
    [
      "Nothing there? Open the iPhone's “Settings”, then “Safari”: choose “Ask” for camera and microphone.",
      "那里没有？打开苹果手机的“设置”，找到“Safari浏览器”，把“相机”和“麦克风”设成“询问”。",
    ],
  ],
  "Safari, Mac": [
    [
      "In the menu at the top choose “Safari”, then “Settings for this website”.",
      "在最上面的菜单里点“Safari浏览器”，再点“此网站的设置”。",
    ],
    ["Set “Camera” and “Microphone” to “Allow”.", "把“相机”和“麦克风”都设成“允许”。"],
    AGAIN,
  ],
  "Chrome, Android": [
    [
      "Tap the sign at the left of the address, then “Permissions”.",
      "点网址左边的图标，再点“权限”。",
    ],
    ["Allow the microphone and the camera.", "允许话筒和摄像头。"],
    AGAIN,
    [
      "It can't be changed there? The phone's “Settings”, “Apps”, “Chrome”, “Permissions”.",
      "那里改不了？打开手机“设置”，点“应用”，找到“Chrome”，点“权限”。",
    ],
  ],
  "Chrome, PC": [
    ["Click the sign at the left of the address.", "点网址左边的图标。"],
    ["Switch on “Camera” and “Microphone” in what opens.", "在弹出的框里打开“摄像头”和“麦克风”。"],
    AGAIN,
    [
      "Still blocked? In the computer's settings, look under “Privacy” for both.",
      "还不行？在电脑的设置里，到“隐私”那里看看这两项。",
    ],
  ],
};

const IN_USE: Record<"phone" | "computer", Words[]> = {
  phone: [
    ["End the telephone or video call that is going on.", "挂断正在打的电话或视频通话。"],
    [
      "Close the other apps: swipe up from the bottom of the screen and push them away.",
      "关掉别的应用：从屏幕最下面往上滑，停一下，再把别的应用一个个划走。",
    ],
    ["Then tap “Try again”.", "再点“再试一次”。"],
  ],
  computer: [
    [
      "Close other programs and tabs with video, such as Tencent Meeting or DingTalk.",
      "关掉别的用视频的程序和网页，比如腾讯会议、钉钉。",
    ],
    ["Then click “Try again”.", "然后点“再试一次”。"],
  ],
};

const NO_HTTPS: Words[] = [
  [
    "Go back to the message and tap the link there, exactly as it was sent to you.",
    "请回到收到的消息里，直接点那个链接。",
  ],
  ["It doesn't help? Please call the number below.", "还不行？请打下面的电话。"],
];

const TOO_OLD: Record<Name, Words[]> = {
  "WeChat, iPhone": [
    [
      "Tap “…” at the top right and choose “Open in Safari”.",
      "点右上角的“…”，选“在Safari中打开”。",
    ],
    [
      "It doesn't help? Update the iPhone: “Settings”, “General”, “Software Update”.",
      "还不行？更新手机系统：“设置”、“通用”、“软件更新”。",
    ],
  ],
  "WeChat, Android": [
    [
      "Update WeChat: “Me”, “Settings”, “About”, “Check for updates”.",
      "更新微信：“我”、“设置”、“关于微信”、“检查新版本”。",
    ],
    [
      "Or tap “…” at the top right and open the page in the phone's browser.",
      "也可以点右上角的“…”，用手机自带的浏览器打开。",
    ],
  ],
  "Safari, iPhone": [
    IPHONE_SETTINGS,
    [
      "Or use another phone: copy the link and send it there.",
      "也可以换一部手机：复制链接，发到那部手机上打开。",
    ],
  ],
  "Safari, Mac": COPY,
  "Chrome, Android": COPY,
  "Chrome, PC": COPY,
};

function expected(fault: Fault, name: Name): Words[] {
  switch (fault) {
    case "busy":
    case "camera_busy":
      return IN_USE[/PC|Mac/.test(name) ? "computer" : "phone"];
    case "insecure":
      return NO_HTTPS;
    case "unsupported":
      return TOO_OLD[name];
    default:
      return BLOCKED[name];
  }
}

afterEach(() => speak("en"));

test.each(["en", "zh"] as Lang[])("what happened, and what to do there: %s", async (lang) => {
  await speak(lang, "first");
  const spoken = lang === "en" ? 0 : 1;
  for (const name of Object.keys(BROWSERS) as Name[]) {
    for (const [fault, ...what] of WHAT) {
      const advice = faultAdvice(fault, browserOf(BROWSERS[name]));
      expect(advice.what, `${fault}, ${name}`).toBe(what[spoken]);
      const steps = expected(fault, name).map((words) => words[spoken]);
      expect(advice.steps, `${fault}, ${name}`).toEqual(steps);
    }
  }
});
