/** What is written in one's space, and what was, in others where one has been. */
import { Globe, Lock } from "lucide-preact";
import type { View } from "../../wire/protocol.gen";
import { t, tn } from "../../words";
import { Composer } from "./composer";
import { Lines, OneLine } from "./lines";
import { elsewhere, messages, see } from "./lists";
import { audience, draftKey, heading, readers, threads } from "./threads";
import { send, unsent } from "./unsent";

export function ChatPanel({ view }: { view: View }) {
  const all = messages().value.value ?? [];
  const { here, earlier } = threads(all, view.space);
  const count = earlier.reduce((n, thread) => n + thread.lines.length, 0);
  return (
    <section class="talk" aria-label={t("Messages")}>
      <Here view={view} lines={here} onSeen={() => see(elsewhere(all))} />
      {count > 0 && (
        <details class="talk-earlier">
          <summary>
            {tn("%(num)s message from elsewhere", "%(num)s messages from elsewhere", count)}
          </summary>
          {earlier.map((thread) => (
            <section key={thread.lines[0]?.id}>
              <h3>{heading(thread, view)}</h3>
              <ol>
                {thread.lines.map((line) => (
                  <OneLine key={line.id} line={line} />
                ))}
              </ol>
            </section>
          ))}
        </details>
      )}
    </section>
  );
}

/** In a lobby: between who waits and the host, and nobody else. */
export function LobbyChat({ view }: { view: View }) {
  const { here } = threads(messages().value.value ?? [], view.space);
  return (
    <section class="talk" aria-label={t("Messages with the mediator")}>
      <Here view={view} lines={here} onSeen={() => see(here)} />
    </section>
  );
}

interface HereProps {
  view: View;
  lines: Parameters<typeof Lines>[0]["lines"];
  onSeen: () => void;
}

function Here({ view, lines, onSeen }: HereProps) {
  const to = audience(view);
  const names = readers(view);
  const key = draftKey(view);
  return (
    <>
      <p class="talk-to" data-place={view.place ?? "lobby"}>
        {view.place === "joint" ? <Globe aria-hidden="true" /> : <Lock aria-hidden="true" />}
        <span>
          <strong>{to}</strong> {names && <span class="talk-readers">{names}</span>}
        </span>
      </p>
      <Lines
        label={to}
        lines={lines}
        waiting={unsent.value.filter((one) => one.what === "say" && one.to === null)}
        name={key}
        onSeen={onSeen}
      />
      <Composer
        key={key}
        name={key}
        label={t("Your message")}
        button={t("Send message")}
        onSend={(text) => send("say", text, { space: view.space })}
      />
    </>
  );
}
