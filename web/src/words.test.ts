import { afterEach, expect, test, vi } from "vitest";
import { learn, speak, spoken, t, tn, wantedLanguage } from "./words";

vi.mock("../locale/zh_CN/LC_MESSAGES/heyi.po?first", () => ({
  default: {
    "Hello %(name)s": "%(name)s,您好",
    "%(num)s person waits": ["%(num)s 人在等候"],
  },
}));
vi.mock("../locale/zh_CN/LC_MESSAGES/heyi.po?room", () => ({ default: { Camera: "摄像头" } }));

afterEach(() => speak("en"));

function at(url: string): Location {
  return new URL(url) as unknown as Location;
}

test("English is the id itself, with its values and its plural", () => {
  expect(t("Hello %(name)s", { name: "Lin" })).toBe("Hello Lin");
  expect(tn("%(num)s person waits", "%(num)s persons wait", 1)).toBe("1 person waits");
  expect(tn("%(num)s person waits", "%(num)s persons wait", 3)).toBe("3 persons wait");
});

test("Chinese comes from the catalogue, and what it lacks stays readable", async () => {
  await speak("zh", "first");
  expect(spoken()).toBe("zh");
  expect(document.documentElement.lang).toBe("zh-CN");
  expect(t("Hello %(name)s", { name: "林" })).toBe("林,您好");
  expect(tn("%(num)s person waits", "%(num)s persons wait", 1)).toBe("1 人在等候");
  expect(t("Not translated")).toBe("Not translated");
});

test("words that are learnt later stay, whatever language is spoken meanwhile", async () => {
  await speak("zh", "first");
  expect(t("Camera")).toBe("Camera");
  await learn("room");
  expect([t("Camera"), t("Hello %(name)s", { name: "林" })]).toEqual(["摄像头", "林,您好"]);
  await speak("en");
  expect(t("Camera")).toBe("Camera");
  await speak("zh");
  expect(t("Camera")).toBe("摄像头");
});

test("a value that is missing is an error, a name that looks like a placeholder is not", () => {
  expect(() => t("Hello %(name)s")).toThrow("name");
  expect(t("Hello %(name)s", { name: "%(id)s" })).toBe("Hello %(id)s");
});

test("?lang= counts before and after the #, else the language the page came in", () => {
  document.documentElement.lang = "zh-CN";
  expect(wantedLanguage(at("https://a.test/j/1#token"))).toBe("zh");
  expect(wantedLanguage(at("https://a.test/j/1?lang=en#token"))).toBe("en");
  expect(wantedLanguage(at("https://a.test/j/1#token?lang=en"))).toBe("en");
  document.documentElement.lang = "en";
  expect(wantedLanguage(at("https://a.test/j/1#token"))).toBe("en");
  expect(wantedLanguage(at("https://a.test/j/1?lang=zh#token"))).toBe("zh");
});
