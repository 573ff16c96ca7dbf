import { expect, test } from "vitest";
import type { Fault } from "../call/capture";
import { faultAdvice } from "./advice";
import { lookOf } from "./asks";
import type { Browser, Kind } from "./browser";

const KINDS: Kind[] = [
  "wechat_ios",
  "wechat_android",
  "wechat_desktop",
  "safari_ios",
  "other_ios",
  "chrome_android",
  "other_android",
  "in_app",
  "chrome",
  "edge",
  "firefox",
  "safari",
  "other",
];
const FAULTS: Fault[] = [
  "insecure",
  "unsupported",
  "denied",
  "missing",
  "busy",
  "camera_denied",
  "camera_missing",
  "camera_busy",
];
const PHONES = ["ios", "android", "in_app"];

function browser(kind: Kind): Browser {
  return { kind, phone: PHONES.some((one) => kind.endsWith(one)), words: kind };
}

test("every fault in every browser has something to do, one thing a step", () => {
  for (const kind of KINDS) {
    for (const fault of FAULTS) {
      const { what, steps } = faultAdvice(fault, browser(kind));
      expect(what).not.toBe("");
      expect(steps.length, `${fault} in ${kind}`).toBeGreaterThanOrEqual(2);
      expect(steps.length).toBeLessThanOrEqual(4);
      expect(new Set(steps).size).toBe(steps.length);
    }
  }
});

test("what was blocked is allowed again where that browser has it", () => {
  const steps = (kind: Kind) => faultAdvice("denied", browser(kind)).steps.join(" ");
  expect(steps("wechat_ios")).toContain("tap “WeChat”");
  expect(steps("wechat_android")).toContain("“Apps”, then “WeChat”");
  expect(steps("safari_ios")).toContain("Website Settings");
  expect(steps("chrome_android")).toContain("“Permissions”");
  expect(steps("in_app")).toContain("Copy the link");
  const all = KINDS.filter((kind) => kind !== "edge").map(steps);
  expect(new Set(all).size).toBe(all.length);
});

test("a phone's fault is mended on a phone", () => {
  expect(faultAdvice("busy", browser("safari_ios")).steps.join(" ")).toContain("call");
  expect(faultAdvice("busy", browser("chrome")).steps.join(" ")).toContain("Tencent Meeting");
});

test("another browser is offered where it may help", () => {
  expect(faultAdvice("denied", browser("wechat_ios")).elsewhere).toBe(true);
  expect(faultAdvice("unsupported", browser("other")).elsewhere).toBe(true);
  expect(faultAdvice("busy", browser("chrome")).elsewhere).toBe(false);
});

test("the picture marks the button that allows", () => {
  for (const kind of KINDS) {
    const look = lookOf(kind);
    expect(look.buttons[look.allow], kind).toMatch(/^Allow/);
  }
});
