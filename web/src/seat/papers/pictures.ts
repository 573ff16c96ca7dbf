/** Pictures of pages, kept while the page lives, and no more than a few. */
import { t } from "../../words";
import { address, sentence } from "./list";

const MOST = 8;
const WIDTHS = [800, 1600, 3200] as const;

const kept = new Map<string, Promise<string>>();

/** The picture of the server's that is wide enough for so many pixels. */
export function widthFor(pixels: number): number {
  return WIDTHS.find((width) => width >= pixels) ?? 3200;
}

/** Its address in this page. Rejects with an `Error` whose message is a sentence. */
export function picture(exhibit: string, page: number, width: number): Promise<string> {
  const path = `exhibits/${exhibit}/${page}?w=${width}`;
  const found = kept.get(path);
  kept.delete(path);
  const loaded = found ?? load(path);
  kept.set(path, loaded);
  loaded.catch(() => kept.delete(path));
  for (const [oldest, old] of kept) {
    if (kept.size <= MOST) break;
    kept.delete(oldest);
    void forget(old);
  }
  return loaded;
}

/** What was seen in another room is not lying about in this one. */
export function forgetAll(): void {
  for (const old of kept.values()) void forget(old);
  kept.clear();
}

async function load(path: string): Promise<string> {
  const lost = t("The page did not get through.");
  const response = await fetch(address(path), { cache: "no-store" }).catch(() => null);
  if (!response) throw new Error(lost);
  if (!response.ok) throw new Error((await sentence(response)) ?? lost);
  return URL.createObjectURL(await response.blob());
}

async function forget(old: Promise<string>): Promise<void> {
  const url = await old.catch(() => null);
  if (url) URL.revokeObjectURL(url);
}
