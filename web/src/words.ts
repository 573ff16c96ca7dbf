/**
 * Every text a person reads passes through here: ids are the English text, `t("Hello %(name)s",
 * { name })`. Chinese comes from the catalogue the server uses too; English needs none.
 */
export type Lang = "zh" | "en";
export type Values = Record<string, string | number>;

let lang: Lang = "en";
let messages: Record<string, string | string[]> = {};

/** Which words a script needs, by where they are said (vite.config.ts sorts them). */
export type Chapter = "first" | "room" | "host";

type Catalogue = Promise<{ default: Record<string, string | string[]> }>;
const CHINESE: Record<Chapter, () => Catalogue> = {
  first: () => import("../locale/zh_CN/LC_MESSAGES/heyi.po?first"),
  room: () => import("../locale/zh_CN/LC_MESSAGES/heyi.po?room"),
  host: () => import("../locale/zh_CN/LC_MESSAGES/heyi.po?host"),
};
const learnt = new Set<Chapter>();

/** Load a language; before this, and for what is not translated, the English id is shown. */
export async function speak(wanted: Lang, ...chapters: Chapter[]): Promise<void> {
  for (const chapter of chapters) learnt.add(chapter);
  const parts = wanted === "zh" ? [...learnt].map((chapter) => CHINESE[chapter]()) : [];
  messages = Object.assign({}, ...(await Promise.all(parts)).map((part) => part.default));
  lang = wanted;
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
}

/** Load more words of the language that is spoken: for a part of the page that comes later. */
export async function learn(chapter: Chapter): Promise<void> {
  if (!learnt.has(chapter)) await speak(lang, chapter);
}

export function spoken(): Lang {
  return lang;
}

/** The language asked for by `?lang=` before or after the `#`, else the one the page came in. */
export function wantedLanguage(location: Location = window.location): Lang {
  const [, afterHash = ""] = location.hash.split("?", 2);
  const asked =
    new URLSearchParams(afterHash).get("lang") ?? new URLSearchParams(location.search).get("lang");
  const tag = asked ?? document.documentElement.lang;
  return tag.startsWith("en") ? "en" : "zh";
}

/** The text of a message. Throws if the text names a value that is not given. */
export function t(id: string, values: Values = {}): string {
  const found = messages[id];
  return fill(typeof found === "string" ? found : id, values);
}

/** The text for a number of things; the number itself is `%(num)s`. */
export function tn(one: string, many: string, n: number, values: Values = {}): string {
  const forms = messages[one];
  // Chinese has one form; English is the id itself.
  const form = (Array.isArray(forms) && forms[0]) || (n === 1 ? one : many);
  return fill(form, { num: n, ...values });
}

function fill(text: string, values: Values): string {
  return text.replace(/%\((\w+)\)s/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`no value for ${name} in: ${text}`);
    return String(value);
  });
}

/** One after the other, as the language writes them: Chinese puts no space between sentences. */
export function sentences(parts: readonly string[]): string {
  return parts.join(spoken() === "zh" ? "" : " ");
}
