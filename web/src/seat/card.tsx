/** One person on the host's board, with what can be done about them. */
import { Hand, LifeBuoy } from "lucide-preact";
import { useEffect, useRef } from "preact/hooks";
import type { Ask, Card, Commands, View } from "../wire/protocol.gen";
import { t, tn } from "../words";
import { minutesSince } from "./clock";
import { command } from "./journey";
import { connected } from "./state";

/** The person something was just done about: their card keeps the focus where it moves to. */
let acted: string | null = null;

export function PersonCard({ card, view }: { card: Card; view: View }) {
  const element = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (acted !== card.seat || element.current?.contains(document.activeElement)) return;
    acted = null;
    element.current?.focus();
  }, [card.place, card.space, card.seat]);
  return (
    <li
      ref={element}
      tabIndex={-1}
      class="card"
      aria-label={card.claim ? t("Another device for %(name)s", { name: card.name }) : card.name}
      data-asks={card.asks.length > 0}
      data-claim={card.claim}
    >
      <p class="card-name">
        <strong>{card.name}</strong> <span class="soft">{where(card)}</span>
      </p>
      {card.claim && (
        <p class="attention">
          {t(
            "Somebody else has opened this link. If you let them in, the device that has it now is cut off.",
          )}
        </p>
      )}
      {card.said_name && card.said_name !== card.name && (
        <p class="soft">{t("Says: %(name)s", { name: card.said_name })}</p>
      )}
      <p class="soft">{doing(card)}</p>
      {card.asks.map((ask) => (
        <AskLine key={ask} card={card} ask={ask} />
      ))}
      <div class="card-actions">
        {card.admitted ? <Inside card={card} view={view} /> : <Outside card={card} />}
      </div>
    </li>
  );
}

function act<Name extends keyof Commands>(
  card: Card,
  name: Name,
  body: Omit<Commands[Name], "id">,
): void {
  acted = card.seat;
  void command(name, body);
}

function Outside({ card }: { card: Card }) {
  const offline = !connected.value;
  return (
    <>
      <Action
        name={t("Admit")}
        main
        disabled={offline || !card.present || !card.ready}
        onTap={() => act(card, "admit", { seat: card.seat })}
      />
      {card.present && (
        <Action
          name={t("Remove")}
          disabled={offline}
          onTap={() => act(card, "remove", { seat: card.seat })}
        />
      )}
    </>
  );
}

function Inside({ card, view }: { card: Card; view: View }) {
  const offline = !connected.value;
  const withMe = card.place === "caucus" && card.space === view.space;
  return (
    <>
      <Action
        name={t("Private talk")}
        disabled={offline || !card.present || withMe}
        onTap={() => act(card, "move", { seats: [card.seat], to: "caucus" })}
      />
      <Action
        name={t("Mute")}
        disabled={offline || !card.microphone}
        onTap={() => act(card, "mute", { seat: card.seat })}
      />
      <Action
        name={t("Remove")}
        disabled={offline}
        onTap={() => act(card, "remove", { seat: card.seat })}
      />
    </>
  );
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

function AskLine({ card, ask }: { card: Card; ask: Ask }) {
  return (
    <p class="attention">
      {ask === "help" ? <LifeBuoy aria-hidden="true" /> : <Hand aria-hidden="true" />}
      <span>{ask === "help" ? t("needs help") : t("would like a private word")}</span>
      <button
        type="button"
        class="small"
        disabled={!connected.value}
        onClick={() => void command("answer", { seat: card.seat, ask })}
      >
        {t("Done")}
      </button>
    </p>
  );
}

function where(card: Card): string {
  return card.side ? t("Side %(side)s", { side: card.side }) : "";
}

function doing(card: Card): string {
  if (!card.present) {
    return card.admitted
      ? t("Connection lost. The place is kept.")
      : t("Has not opened the link yet, or has left.");
  }
  if (!card.admitted) {
    if (!card.said_name) return t("Arriving: no name given yet.");
    if (!card.ready) return t("Reading the consent.");
  }
  const n = card.since ? minutesSince(card.since) : 0;
  if (n === 0) return card.admitted ? t("Here for less than a minute.") : t("Ready. Just arrived.");
  if (!card.admitted)
    return tn("Ready. Waiting %(num)s minute.", "Ready. Waiting %(num)s minutes.", n);
  if (card.place === "side") {
    return tn(
      "Without a mediator for %(num)s minute.",
      "Without a mediator for %(num)s minutes.",
      n,
    );
  }
  return tn("Here for %(num)s minute.", "Here for %(num)s minutes.", n);
}
