/** The sentence of the space: where am I, who is here, what is the mediator doing. */
import type { Member, Role, View } from "../wire/protocol.gen";
import { sentences, t } from "../words";
import { listed } from "./people";
import { breakUntil, clockTime, expected } from "./time";

/** The name of the space one is in, as the sentence begins. */
export function spaceName(view: View): string {
  if (view.place === "joint" && view.purpose === "preparation") return t("Preparation");
  if (view.place === "joint") return view.shuttle_only ? t("Your room") : t("Joint meeting");
  if (view.place === "caucus") return t("Private talk");
  if (view.place === "side") {
    return own(view)?.side === null ? t("Neutral room") : t("Your side's room");
  }
  return t("Lobby");
}

/** This page's own connection; `renewing`: the server said that it stops for a moment. */
export type Reach = "here" | "lost" | "renewing";

/** What follows the name. `phone`: whom to call. */
export function spaceSentence(view: View, reach: Reach, phone: string): string {
  const host = view.host_name;
  if (reach === "renewing") {
    return t(
      "Heyi is being renewed. You will be back by yourself in a few seconds. Please keep this page open.",
    );
  }
  if (reach === "lost") {
    return t(
      "Your connection was lost. Your place is kept. This page reconnects by itself; please keep it open.",
    );
  }
  if (view.place === "lobby" || view.place === null) return lobby(view, phone);
  // Instead of the names, which stand below: nothing is to move for it.
  if (view.hosting) return view.quiet ? hush() : hosts(view);
  if (view.host_state === "lost" || view.silenced) {
    return view.silenced || view.place === "side"
      ? t(
          "The mediator has lost connection. It isn't your fault. The two sides can't hear each other now. Keep this page open.",
        )
      : t("The mediator has lost connection. It isn't your fault. Keep this page open.");
  }
  if (view.place === "joint") {
    return view.quiet
      ? sentences([t("Mediator %(host)s is here.", { host }), hushed(view)])
      : t("Mediator %(host)s is here. Everyone in this meeting sees and hears everyone.", { host });
  }
  if (view.place === "caucus") return caucus(view);
  return own(view)?.side === null ? neutral(view) : side(view);
}

function lobby(view: View, phone: string): string {
  const host = view.host_name;
  if (view.claim) {
    return t(
      "This link is already open on another device. Mediator %(host)s decides which of them comes in. Nobody can see or hear you here. For help, call %(phone)s.",
      { host, phone },
    );
  }
  if (view.sent_out) {
    return t(
      "The mediator has asked you to wait here. Nobody can see or hear you. You may be let in again. For help, call %(phone)s.",
      { phone },
    );
  }
  if (view.host_state === "lost") {
    return t(
      "Mediator %(host)s has lost connection. It isn't your fault. Nobody can see or hear you here, and the other side can't come in. Please keep this page open.",
      { host },
    );
  }
  if (view.host_state === "not_here_yet") {
    return t(
      "You're in. Nobody can see or hear you here, and the other side can't come in. Mediator %(host)s is not here yet and will see that you are waiting. For help, call %(phone)s.",
      { host, phone },
    );
  }
  return t(
    "You're in. Nobody can see or hear you here, and the other side can't come in. Mediator %(host)s knows you're waiting. For help, call %(phone)s.",
    { host, phone },
  );
}

function caucus(view: View): string {
  const names = listed(others(view).map((m) => m.name));
  if (!names) return t("Nobody else is here. Please keep this page open.");
  if (new Set(view.members.map((m) => m.side).filter(Boolean)).size > 1) {
    return t(
      "People of more than one side are here: you and %(names)s hear each other, and nobody else does.",
      { names },
    );
  }
  if (own(view)?.side === null) {
    return t(
      "This is a private talk: you and %(names)s hear each other, and nobody else does. Nothing is passed on without that side's yes, except where the law requires it.",
      { names },
    );
  }
  return t(
    "Only you and %(names)s are connected. The other side can't hear. Nothing is passed on unless you agree, except where the law requires it.",
    { names },
  );
}

function side(view: View): string {
  const host = view.host_name;
  if (view.host_state === "not_here_yet") {
    return t(
      "Only your own side can hear you here. Mediator %(host)s is not here yet. Please keep this page open.",
      { host },
    );
  }
  if (breakUntil(view)) return t("Only your own side can hear you here.");
  const at = expected(view);
  if (at) {
    return t(
      "The mediator is talking privately with the other side. It isn't favouritism; you'll have the same chance. Mediator %(host)s will check on you at about %(time)s. Take a rest; only your own side can hear you here.",
      { host, time: clockTime(at) },
    );
  }
  return t(
    "Mediator %(host)s is not in this room now and may be talking with the other side. It isn't favouritism; you'll have the same chance. Only your own side can hear you here. Take a rest.",
    { host },
  );
}

/** Work for the meeting: nobody comes to look after them, and nobody favours them. */
const STAFF: readonly (Role | undefined)[] = ["host", "co_mediator", "clerk", "recorder"];

/** The room of those who belong to no side: who works for the meeting, and who interprets or looks on. */
function neutral(view: View): string {
  const here = t("Only those who belong to no side can hear you here.");
  if (breakUntil(view)) return here;
  const host = view.host_name;
  if (STAFF.includes(own(view)?.role)) {
    return sentences([t("No mediator who hosts is in this room now."), here]);
  }
  const at = expected(view);
  if (at) {
    const back = t("Mediator %(host)s will be back at about %(time)s.", {
      host,
      time: clockTime(at),
    });
    return sentences([back, here]);
  }
  return sentences([t("Mediator %(host)s is not in this room now.", { host }), here]);
}

/** To whom has to listen; interpreters speak on. */
function hushed(view: View): string {
  const interpreted = view.members.some((m) => m.role === "interpreter" && m.present);
  return interpreted ? hush() : t("Everyone is quiet now; only the mediator is heard.");
}

function hush(): string {
  return t("Everyone is quiet: only mediators and interpreters can speak.");
}

function hosts(view: View): string {
  const names = listed(others(view).map((m) => m.name));
  if (view.place === "joint" && !names && view.break_until) {
    return t("Break: everyone is in the room of their own side.");
  }
  if (view.place === "joint" && view.shuttle_only) {
    return names
      ? t("You and %(names)s hear each other. See one side at a time by a private talk.", { names })
      : t("You are alone here. See one side at a time by a private talk.");
  }
  if (view.place === "joint") {
    return names
      ? t("You and %(names)s hear each other.", { names })
      : t("Nobody else is here yet. Let people in from the list.");
  }
  if (view.place === "caucus") {
    return names
      ? t("You and %(names)s hear each other; nobody else does.", { names })
      : t("Nobody else is here.");
  }
  return t("Only this side's people can hear you.");
}

/**
 * The same in a few words, for a small screen that is full: who hears, and nothing else. What
 * it leaves out stands below the strip (`explained`).
 */
export function spaceBrief(view: View, reach: Reach): string {
  if (reach === "renewing") return t("Heyi is being renewed. Keep this page open.");
  if (reach === "lost") return t("Connection lost. Keep this page open.");
  if (view.host_state === "lost" || view.silenced) return t("The mediator has lost connection.");
  if (view.place === "joint") {
    return view.quiet ? hushed(view) : t("Everyone here sees and hears everyone.");
  }
  if (view.place === "side") {
    return own(view)?.side === null
      ? t("Only those who belong to no side can hear you here.")
      : t("Only your own side can hear you here.");
  }
  const sides = new Set(view.members.map((m) => m.side).filter(Boolean));
  if (sides.size > 1) return t("Nobody else hears you here.");
  return t("The other side can't hear.");
}

/** Whether there is more to be said than the brief sentence does. */
export function explained(view: View, reach: Reach): boolean {
  if (reach !== "here" || view.host_state === "lost" || view.silenced) return true;
  return view.place !== "joint";
}

/** One sentence to whom was away: where one is again, and whether one is heard. */
export function returnSentence(view: View): string {
  const where =
    view.place === "caucus"
      ? t("You are back in the private talk.")
      : view.place === "side"
        ? own(view)?.side === null
          ? t("You are back in the neutral room.")
          : t("You are back in your side's room.")
        : view.shuttle_only
          ? t("You are back in your room.")
          : t("You are back in the joint meeting.");
  const microphone = view.microphone ? t("Your microphone is on.") : t("Your microphone is off.");
  return t("%(where)s %(microphone)s", { where, microphone });
}

function own(view: View): Member | undefined {
  return view.members.find((m) => m.seat === view.seat);
}

/** Who is in the same space and connected, without oneself. */
export function others(view: View): Member[] {
  return view.members.filter((m) => m.seat !== view.seat && m.present);
}
