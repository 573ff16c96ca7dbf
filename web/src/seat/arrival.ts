/** From a link to a seat: the token is exchanged for a cookie and leaves the address bar. */
import type { Purpose } from "../wire/protocol.gen";
import type { Lang } from "../words";

/** A wording that is agreed to; `hash` names it for ever. */
export interface Text {
  purpose: Purpose;
  version: number;
  language: string;
  body: string;
  hash: string;
  /** Of a long one: why it is asked, and then its points in large print. */
  essentials: string[];
}

/** What everybody who was ever invited may know. */
export interface Meeting {
  organisation: string;
  help_phone: string;
  /** ISO 8601, UTC. */
  starts_at: string;
  time_zone: string;
}

/** What is known of the session before anything is connected. */
export interface Welcome extends Meeting {
  seat: string;
  hosting: boolean;
  host_name: string;
  /** Where the mediator's photo is, if they show one publicly. */
  host_photo: string | null;
  /** When one may come and wait; null: now. */
  opens_at: string | null;
  /** The mediator has locked the meeting, and this device is new to it. */
  locked: boolean;
  /** The server's time when it said this: a phone's own clock may be wrong by a day. */
  now: string;
  /** The meeting had another time before. */
  moved: boolean;
  state: "planned" | "open" | "ended" | "cancelled";
  said_name: string | null;
  /** What the person of this seat has to agree to, and what somebody beside it has to. */
  texts: Text[];
  beside_texts: Text[];
  /** Where a way through the network can be looked for. */
  ice_servers: RTCIceServer[];
}

/**
 * `code` is the server's, or `no_network`, or `unknown` when the answer made no sense. `meeting`:
 * which one it is about, where the link was good once.
 */
export class NotArrived extends Error {
  constructor(
    readonly code: string,
    readonly meeting: Meeting | null = null,
  ) {
    super(code);
  }
}

/** The link as it was opened, for another browser; empty when a page without its token is loaded. */
export const wholeLink = window.location.hash.length > 1 ? window.location.href : "";

interface Address {
  seat: string;
  token: string;
  lang: Lang | null;
}

/** The seat of `/j/{seat}#{token}`; the language may stand before the `#` or after the token. */
export function readAddress(location: Location = window.location): Address {
  const seat = location.pathname.split("/")[2] ?? "";
  const [token = "", ...rest] = location.hash.slice(1).split(/[?&]/);
  const asked =
    new URLSearchParams(rest.join("&")).get("lang") ??
    new URLSearchParams(location.search).get("lang");
  const lang = asked?.startsWith("en") ? "en" : asked?.startsWith("zh") ? "zh" : null;
  return { seat, token, lang };
}

/** Take the token and the language out of the address bar and the history. */
export function cleanAddress(): void {
  history.replaceState(null, "", window.location.pathname);
}

/** Keep the language for the pages to come, the server's too. */
export function keepLanguage(lang: Lang): void {
  // biome-ignore lint/suspicious/noDocumentCookie: Safari has the other way only since 18.4.
  document.cookie = `lang=${lang}; path=/; max-age=31536000; samesite=lax`;
}

/** With a token, exchange it; without one, ask who this cookie's seat is. Throws NotArrived. */
export function arrive(seat: string, token: string): Promise<Welcome> {
  if (!token) return ask(`/j/${seat}/welcome`, {});
  return ask(`/j/${seat}/exchange`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ token }),
  });
}

async function ask(url: string, init: RequestInit): Promise<Welcome> {
  let response: Response;
  try {
    response = await fetch(url, { ...init, credentials: "same-origin", cache: "no-store" });
  } catch {
    throw new NotArrived("no_network");
  }
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer as Welcome;
  const code = typeof answer.code === "string" ? answer.code : "unknown";
  throw new NotArrived(code, answer.meeting ?? null);
}
