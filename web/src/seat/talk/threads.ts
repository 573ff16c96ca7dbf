/** Messages in their order: those of the space one is in, and the earlier ones, space by space. */
import type { View } from "../../wire/protocol.gen";
import { t } from "../../words";
import { listed } from "../people";
import type { Line } from "./lists";

interface Thread {
  space: string;
  lines: Line[];
}

/** What is said here, and what was said elsewhere: each stay in a space by itself. */
export function threads(lines: readonly Line[], space: string | null) {
  const here: Line[] = [];
  const earlier: Thread[] = [];
  for (const line of lines) {
    if (line.space === space) {
      here.push(line);
      continue;
    }
    const last = earlier.at(-1);
    if (last?.space === line.space) last.lines.push(line);
    else earlier.push({ space: line.space, lines: [line] });
  }
  return { here, earlier };
}

export function heading(thread: Thread, view: View): string {
  const first = thread.lines[0];
  if (first?.kind === "joint") return t("Joint meeting");
  if (first?.kind === "caucus") return t("Private talk");
  if (first?.kind === "side") return t("Your side's room");
  const name = view.board?.find((card) => card.seat === first?.to)?.name;
  return name ? t("Lobby: %(name)s", { name }) : t("Lobby");
}

/** To whom what is written here goes. */
export function audience(view: View): string {
  switch (view.place) {
    case "joint":
      return view.shuttle_only
        ? t("To everybody in this room")
        : t("To everybody in the joint meeting");
    case "caucus":
      return sidesHere(view).length > 1 ? t("To those in this talk only") : t("To this side only");
    case "side":
      return t("To your own side only");
    default:
      return t("To the mediator only");
  }
}

/** By name, where it matters who they are. */
export function readers(view: View): string {
  const names = view.members.filter((m) => m.seat !== view.seat && m.present).map((m) => m.name);
  if (view.place === "joint" || names.length === 0) return "";
  return t("Read by %(names)s and you.", { names: listed(names) });
}

/** Under which a half-written text is kept: what was typed for one side never shows with another. */
export function draftKey(view: View): string {
  return view.place === "caucus" ? `caucus ${sidesHere(view).join()}` : (view.place ?? "lobby");
}

function sidesHere(view: View): string[] {
  const sides = view.members.flatMap((m) => (m.side === null ? [] : [m.side]));
  return [...new Set(sides)].sort();
}
