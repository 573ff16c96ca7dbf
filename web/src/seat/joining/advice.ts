/** What to do about a fault in this very browser: for somebody old with that phone in the hand. */
import { t } from "../../words";
import type { Fault } from "../call/capture";
import type { Browser, Kind } from "./browser";

export interface Advice {
  what: string;
  /** One thing to do each, in this order. */
  steps: string[];
  /** Another browser may do it: offer the link to be copied. */
  elsewhere: boolean;
}

export function faultAdvice(fault: Fault, browser: Browser): Advice {
  const elsewhere = !["busy", "camera_busy", "insecure"].includes(fault);
  return { what: what(fault, browser), steps: steps(fault, browser), elsewhere };
}

function what(fault: Fault, { kind }: Browser): string {
  switch (fault) {
    case "insecure":
      return t(
        "This page was opened without a secure connection (https), so the browser gives it no microphone or camera.",
      );
    case "unsupported":
      return t("This browser can't carry voice and picture.");
    case "denied":
      return kind === "in_app"
        ? t("This app doesn't give its pages the microphone and camera.")
        : t("The browser was told not to give the microphone and camera.");
    case "missing":
      return t("No microphone or camera was found.");
    case "busy":
      return t("Another program is using the microphone or camera.");
    case "camera_denied":
      return t("The microphone works, but the camera is blocked.");
    case "camera_missing":
      return t("The microphone works; no camera was found.");
    case "camera_busy":
      return t("The microphone works; another program is using the camera.");
  }
}

function steps(fault: Fault, browser: Browser): string[] {
  switch (fault) {
    case "insecure":
      return [
        t("Go back to the message and tap the link there, exactly as it was sent to you."),
        t("It doesn't help? Please call the number below."),
      ];
    case "unsupported":
      return outdated(browser.kind);
    case "denied":
    case "camera_denied":
      return allow(browser.kind);
    case "missing":
    case "camera_missing":
      return browser.phone
        ? [
            t("If a headset is plugged in, pull it out and plug it in again."),
            t("Then tap “Try again”. It doesn't help? Switch the phone off and on."),
          ]
        : [
            t("Plug in a headset or a camera. Some cameras have a small cover or a switch."),
            t("Then click “Try again”. Or use a phone: open the link in your message there."),
          ];
    case "busy":
    case "camera_busy":
      return browser.phone
        ? [
            t("End the telephone or video call that is going on."),
            t("Close the other apps: swipe up from the bottom of the screen and push them away."),
            t("Then tap “Try again”."),
          ]
        : [
            t("Close other programs and tabs with video, such as Tencent Meeting or DingTalk."),
            t("Then click “Try again”."),
          ];
  }
}

function allow(kind: Kind): string[] {
  const again = t("Come back here and tap “Try again”.");
  switch (kind) {
    case "wechat_ios":
      return [
        t("Open the iPhone's “Settings”, scroll down and tap “WeChat”."),
        t("Switch on “Microphone” and “Camera”."),
        t("Go back to WeChat, close this page, and tap the link in the message again."),
      ];
    case "wechat_android":
      return [
        t("Open the phone's “Settings”, then “Apps”, then “WeChat”, then “Permissions”."),
        t("Set “Microphone” and “Camera” to “Allow”."),
        again,
        t("Nothing happens? Close this page and tap the link in the message again."),
      ];
    case "wechat_desktop":
      return [
        t("Click “…” at the top right and choose “Open in default browser”."),
        t("Click “Allow” there when it asks."),
      ];
    case "safari_ios":
      return [
        t("Tap the sign at the left end of the address bar, then “Website Settings”."),
        t("Set “Camera” and “Microphone” to “Allow”."),
        again,
        t(
          "Nothing there? Open the iPhone's “Settings”, then “Safari”: choose “Ask” for camera and microphone.",
        ),
      ];
    case "other_ios":
      return [
        t("Open the iPhone's “Settings”, scroll down and tap the name of this browser."),
        t("Switch on “Microphone” and “Camera”."),
        again,
      ];
    case "chrome_android":
      return [
        t("Tap the sign at the left of the address, then “Permissions”."),
        t("Allow the microphone and the camera."),
        again,
        t("It can't be changed there? The phone's “Settings”, “Apps”, “Chrome”, “Permissions”."),
      ];
    case "other_android":
      return [
        t("Open the phone's “Settings”, then “Apps”, then this browser, then “Permissions”."),
        t("Set “Microphone” and “Camera” to “Allow”."),
        again,
        t("Or copy the link and open it in WeChat."),
      ];
    case "in_app":
      return [
        t("Tap “Copy the link” below."),
        t("Open Safari, Chrome or WeChat, and paste it there."),
      ];
    case "firefox":
      return [
        t("Click the crossed-out sign at the left of the address."),
        t("Click the × beside “Blocked”, once for the microphone and once for the camera."),
        again,
      ];
    case "safari":
      return [
        t("In the menu at the top choose “Safari”, then “Settings for this website”."),
        t("Set “Camera” and “Microphone” to “Allow”."),
        again,
      ];
    case "chrome":
    case "edge":
      return [
        t("Click the sign at the left of the address."),
        t("Switch on “Camera” and “Microphone” in what opens."),
        again,
        t("Still blocked? In the computer's settings, look under “Privacy” for both."),
      ];
    case "other":
      return [
        t("Look for a lock or a camera beside the address and allow both."),
        again,
        t("Or copy the link and open it in Safari, Chrome or WeChat."),
      ];
  }
}

function outdated(kind: Kind): string[] {
  switch (kind) {
    case "wechat_ios":
      return [
        t("Tap “…” at the top right and choose “Open in Safari”."),
        t("It doesn't help? Update the iPhone: “Settings”, “General”, “Software Update”."),
      ];
    case "wechat_android":
      return [
        t("Update WeChat: “Me”, “Settings”, “About”, “Check for updates”."),
        t("Or tap “…” at the top right and open the page in the phone's browser."),
      ];
    case "safari_ios":
    case "other_ios":
      return [
        t("Update the iPhone: “Settings”, “General”, “Software Update”."),
        t("Or use another phone: copy the link and send it there."),
      ];
    default:
      return [
        t("Tap “Copy the link” below."),
        t("Open Safari, Chrome, Edge or the newest WeChat, and paste it there."),
      ];
  }
}
