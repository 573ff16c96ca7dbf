/** What is wrong with the devices, and what to do about it. */
import { t } from "../words";
import type { Fault } from "./call/capture";

export function faultAdvice(fault: Fault): string {
  switch (fault) {
    case "insecure":
      return t(
        "This page was opened without a secure connection (https), so the browser gives it no microphone or camera. Please open the link exactly as it was sent to you.",
      );
    case "unsupported":
      return t(
        "This browser can't carry voice and picture. Please copy the link and open it in Safari, Chrome, Edge or the newest WeChat, or call the number below.",
      );
    case "denied":
      return t(
        "The browser was told not to give the microphone and camera. Tap the lock or “AA” beside the address, allow both, then tap “Try again”. In WeChat: Settings, Privacy, Permissions.",
      );
    case "missing":
      return t(
        "No microphone or camera was found. If you have a headset, please plug it in, then tap “Try again”. Or use a phone.",
      );
    case "busy":
      return t(
        "Another program is using the microphone or camera. Please close other calls and programs, then tap “Try again”.",
      );
    case "camera_denied":
      return t(
        "The microphone works, but the browser was told not to give the camera. You can go on with your voice only, or allow the camera beside the address and tap “Try again”.",
      );
    case "camera_missing":
      return t("The microphone works; no camera was found. You can go on with your voice only.");
    case "camera_busy":
      return t(
        "The microphone works; another program is using the camera. Close it and tap “Try again”, or go on with your voice only.",
      );
  }
}
