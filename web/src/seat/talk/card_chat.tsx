/** The host and one person who waits: a word, typed or ready. */
import type { View } from "../../wire/protocol.gen";
import { t } from "../../words";
import { Composer } from "./composer";
import { Lines } from "./lines";
import { lobbyOf, messages } from "./lists";
import { send, unsent } from "./unsent";

export function CardChat({ view, seat }: { view: View; seat: string }) {
  const lines = lobbyOf(messages().value.value ?? [], seat);
  const card = view.board?.find((one) => one.seat === seat);
  const name = card?.name ?? "";
  const say = (text: string) => send("say", text, { to: seat, space: card?.space ?? null });
  const label = t("Only %(name)s reads this", { name });
  return (
    <section class="talk talk-card" aria-label={t("Messages with %(name)s", { name })}>
      <Lines
        label={label}
        lines={lines}
        waiting={unsent.value.filter((one) => one.to === seat)}
        name={`lobby ${seat}`}
      />
      <Composer
        name={`lobby ${seat}`}
        label={label}
        button={t("Send message")}
        focused
        onSend={say}
      />
      <details class="talk-ready">
        <summary>{t("Ready sentences, sent with one tap")}</summary>
        <ul>
          {ready().map((sentence) => (
            <li key={sentence}>
              <button type="button" class="small" onClick={() => say(sentence)}>
                {sentence}
              </button>
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}

function ready(): string[] {
  return [
    t("I'll be with you in five minutes."),
    t("Please read the consent; take your time. Once you agree, I can let you in."),
    t("Please say who is sitting beside you."),
    t("Please call us. The number is on your page."),
  ];
}
