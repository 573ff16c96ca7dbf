/** What a host can do about one person, by where that person is. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Card, Commands, View } from "../../wire/protocol.gen";
import { t } from "../../words";
import { Dialog } from "../dialog";
import { command } from "../journey";
import { guests, opposes } from "../people";
import { connected } from "../state";
import { GiveChair } from "./chair";
import { Promised } from "./promised";
import { Telephone } from "./telephone";
import { touch } from "./touched";

function act<Name extends keyof Commands>(
  card: Card,
  name: Name,
  body: Omit<Commands[Name], "id">,
): void {
  touch(card.seat);
  void command(name, body);
}

/** Two lists for each person: what is done most, and the rest, behind *More*. */
interface Acts {
  usual: ComponentChildren[];
  rarer: ComponentChildren[];
}

/** In a lobby. `write`: opens the words with them. */
export function outside(card: Card, write: () => void): Acts {
  const offline = !connected.value;
  const { seat } = card;
  const usual: ComponentChildren[] = [
    <Action
      key="admit"
      name={card.sent_out ? t("Let back in") : t("Admit")}
      main
      disabled={offline || !card.ready}
      onTap={() => act(card, "admit", { seat })}
    />,
  ];
  if (!card.claim && card.ready) usual.push(<Promised key="said" card={card} seats={[seat]} />);
  return {
    usual,
    rarer: [
      <Action key="write" name={t("Message")} disabled={false} onTap={write} />,
      ...calls(card),
      <EndConnection key="end" card={card} />,
    ],
  };
}

/** Not connected: what is left is to call. Whose a claim is, nobody knows. */
export function calls(card: Card): ComponentChildren[] {
  return card.claim ? [] : [<Telephone key="call" card={card} />];
}

/** Not beside what is tapped often, and asked again: it cannot be taken back. */
function EndConnection({ card }: { card: Card }) {
  const [asking, ask] = useState(false);
  const offline = !connected.value;
  return (
    <>
      <Action name={t("End their connection")} disabled={offline} onTap={() => ask(true)} />
      {asking && (
        <Dialog title={t("End the connection?")} onClose={() => ask(false)}>
          <p>
            {t(
              "%(name)s is cut off and has to open the link again. Waiting in the lobby, they see and hear nobody.",
              { name: card.name },
            )}
          </p>
          <div class="dialog-actions">
            <button type="button" class="wide" onClick={() => ask(false)}>
              {t("Let them wait")}
            </button>
            <button
              type="button"
              class="danger"
              disabled={offline}
              onClick={() => {
                ask(false);
                act(card, "remove", { seat: card.seat });
              }}
            >
              {t("End it")}
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}

/** In the meeting, wherever. */
export function inside(card: Card, view: View): Acts {
  const offline = !connected.value;
  const { seat } = card;
  const withMe = card.place === "caucus" && card.space === view.space;
  return {
    usual: [
      <Action
        key="talk"
        name={t("Private talk")}
        disabled={offline || !card.present || withMe}
        onTap={() => act(card, "move", { seats: [seat], to: "caucus" })}
      />,
      <Action
        key="mute"
        name={t("Mute")}
        disabled={offline || !card.microphone}
        onTap={() => act(card, "mute", { seat })}
      />,
      <Action
        key="remove"
        name={t("Remove")}
        disabled={offline}
        onTap={() => act(card, "remove", { seat })}
      />,
    ],
    rarer: rarer(card, view),
  };
}

function rarer(card: Card, view: View) {
  const offline = !connected.value;
  const { seat } = card;
  const apart = view.shuttle_only && card.side !== null;
  const elsewhere = card.space !== view.space;
  const found: ComponentChildren[] = [];
  const add = (name: string, onTap: () => void) =>
    found.push(<Action key={name} name={name} disabled={offline} onTap={onTap} />);
  if (card.present && elsewhere && view.place === "caucus" && !opposes(card, view)) {
    const seats = [...guests(view), seat];
    add(t("Into this talk"), () => act(card, "move", { seats, to: "caucus" }));
  }
  if (card.present && elsewhere && card.place === "joint") {
    add(t("Join their talk"), () => void command("move", { seats: [view.seat], to: "joint" }));
  }
  if (card.present && card.place !== "joint" && !apart) {
    add(t("Into the joint meeting"), () => act(card, "move", { seats: [seat], to: "joint" }));
  }
  if (!card.chair && card.place !== "side") {
    add(t("To their room"), () => act(card, "move", { seats: [seat], to: "side" }));
  }
  if (view.may_give_chair.includes(seat)) found.push(<GiveChair key="chair" card={card} />);
  return [...found, ...calls(card)];
}

interface ActionProps {
  name: string;
  main?: boolean;
  disabled: boolean;
  onTap: () => void;
}

function Action({ name, main = false, disabled, onTap }: ActionProps) {
  return (
    <button type="button" class={main ? "small main" : "small"} disabled={disabled} onClick={onTap}>
      {name}
    </button>
  );
}
