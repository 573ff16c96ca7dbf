/** What this page knows, and where in its journey it is. */
import { signal } from "@preact/signals";
import type { Cut, Routes, View } from "../wire/protocol.gen";
import { type Lang, spoken } from "../words";
import type { Meeting, Welcome } from "./arrival";

/** `room` is all that needs the connection: name, lobby and the session itself. */
export type Step = "arriving" | "failed" | "landing" | "devices" | "room" | "cut";

export const step = signal<Step>("arriving");
/** Why one didn't arrive (`failed`): a code of `NotArrived`. */
export const failure = signal("");
export const cut = signal<Cut["code"] | null>(null);
export const language = signal<Lang>(spoken());
export const welcome = signal<Welcome | null>(null);
/** Whose link it was that is good no more. */
export const turnedAway = signal<Meeting | null>(null);

export const NO_ROUTES: Routes = { slots: [], heard_by: [], screen: null };
export const view = signal<View | null>(null);
export const routes = signal<Routes>(NO_ROUTES);
export const connected = signal(false);
/** The server has said that it stops for a moment. */
export const renewing = signal(false);
/** After a loss or a reload one is in one's place again, and hasn't been told so yet. */
export const returned = signal(false);
/** The server's sentence for the last command it refused. */
export const refusal = signal<string | null>(null);
/** A command has been under way for more than a second. */
export const slow = signal(false);
/** Whom one wants to see large, for oneself; null until one has chosen. */
export const pinned = signal<string | null>(null);

const DEVICES = "heyi.devices";
const TRIED = "heyi.tried";

/** What was chosen at the device check, for a reload of this tab. */
export function rememberDevices(chosen: { camera: boolean }): void {
  sessionStorage.setItem(DEVICES, JSON.stringify(chosen));
}

export function rememberedDevices(): { camera: boolean } | null {
  const kept = sessionStorage.getItem(DEVICES);
  return kept ? (JSON.parse(kept) as { camera: boolean }) : null;
}

export function forgetDevices(): void {
  sessionStorage.removeItem(DEVICES);
}

/** The devices worked on the way to this seat: who opens its link again needn't try them again. */
export function rememberTried(seat: string, camera: boolean): void {
  localStorage.setItem(TRIED, JSON.stringify({ seat, camera }));
}

export function triedBefore(seat: string): { camera: boolean } | null {
  const kept = localStorage.getItem(TRIED);
  const tried = kept ? (JSON.parse(kept) as { seat: string; camera: boolean }) : null;
  return tried?.seat === seat ? tried : null;
}
