/** The papers that this seat may read, as the server lists them. */
import { effect, signal } from "@preact/signals";
import { readAddress } from "../arrival";
import { listFor } from "../news";
import { view } from "../state";

export interface Paper {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  /** 0: it can be saved, but not shown. */
  readonly pages: number;
  /** Who brought it. */
  readonly by: string;
  readonly mine: boolean;
  readonly at: string;
  /** For everybody in the meeting. */
  readonly open: boolean;
  /** Whose privacy it is: `A`, `A,B`, `-` for those who were there; told to few, as `release` is. */
  readonly side: string;
  readonly release: "keep" | "asked" | "released" | "refused";
  readonly kept: boolean;
  readonly may_show: boolean;
  readonly may_remove: boolean;
  readonly may_keep: boolean;
  readonly may_ask: boolean;
}

export interface CasePaper {
  readonly id: string;
  readonly name: string;
  readonly type: string;
}

export const papers = listFor<readonly Paper[]>("exhibits");

// What may be done with each depends on the space one is in, and on what is shown there.
const place = signal("");
effect(() => {
  const seen = view.value;
  place.value = seen ? `${seen.space} ${seen.shown.exhibit} ${seen.hosting}` : "";
});
effect(() => {
  if (place.value) void papers.ask();
});

export function paperOf(id: string): Paper | undefined {
  return papers.value.value?.find((paper) => paper.id === id);
}

export function address(path: string): string {
  return `/j/${readAddress().seat}/room/${path}`;
}

/** The server's sentence of a refusal, or null where it said nothing that can be read. */
export async function sentence(response: Response): Promise<string | null> {
  const said = (await response.json().catch(() => null)) as { text?: string } | null;
  return said?.text ?? null;
}
