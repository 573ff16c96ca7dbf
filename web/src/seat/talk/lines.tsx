/** Messages as they are read, and those that are still on their way. */
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../words";
import { roleName, sideName } from "../people";
import { connected } from "../state";
import { clockTime } from "../time";
import { putBack } from "./drafts";
import type { Line } from "./lists";
import { drop, type Unsent } from "./unsent";

interface Props {
  label: string;
  lines: readonly Line[];
  /** Not at the server yet. */
  waiting: readonly Unsent[];
  /** The draft to which something refused goes back. */
  name: string;
  /** Called while they are in sight. */
  onSeen?: () => void;
}

/** A new one is read out, and scrolled to. */
export function Lines({ label, lines, waiting, name, onSeen }: Props) {
  const element = useRef<HTMLDivElement>(null);
  const inSight = useInSight(element);
  const last = lines.at(-1)?.id;
  const refused = waiting.filter((one) => one.refused !== null);
  useEffect(() => {
    const log = element.current;
    if (log) log.scrollTop = log.scrollHeight;
  }, [last, waiting.length, inSight]);
  useEffect(() => {
    if (inSight) onSeen?.();
  });
  return (
    <>
      <div
        ref={element}
        class="talk-lines"
        role="log"
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled by keyboard.
        tabIndex={0}
      >
        {lines.length + waiting.length === 0 ? (
          <p class="soft">{t("Nothing has been written here yet.")}</p>
        ) : (
          <ol>
            {lines.map((line) => (
              <OneLine key={line.id} line={line} />
            ))}
            {waiting
              .filter((one) => one.refused === null)
              .map((one) => (
                <li key={one.id} class="talk-line" data-mine="true">
                  <p class="talk-text">{one.text}</p>
                  <p class="talk-who">
                    {connected.value
                      ? t("On its way…")
                      : t("On its way… It is sent when the connection is back.")}
                  </p>
                </li>
              ))}
          </ol>
        )}
      </div>
      {refused.map((one) => (
        <NotSent key={one.id} one={one} name={name} />
      ))}
    </>
  );
}

export function OneLine({ line }: { line: Line }) {
  return (
    <li class="talk-line" data-mine={line.mine}>
      <p class="talk-who">
        <strong>{line.mine ? t("You") : line.name || t("Mediator")}</strong>{" "}
        <span>{[who(line), clockTime(line.at)].filter(Boolean).join(" · ")}</span>
      </p>
      <p class="talk-text" dir="auto">
        {line.text}
      </p>
    </li>
  );
}

function who(line: Line): string {
  if (line.mine) return "";
  if (line.claim) return t("another device");
  const role = line.role === "party" ? "" : roleName(line.role);
  return [role, line.side && sideName(line.side)].filter(Boolean).join(" · ");
}

export function NotSent({ one, name }: { one: Unsent; name: string }) {
  return (
    <div class="notice notice-attention talk-refused" role="alert">
      <p>{one.refused}</p>
      <p class="talk-text">{one.text}</p>
      <div class="talk-actions">
        <button
          type="button"
          onClick={() => {
            putBack(name, one.text);
            drop(one.id);
          }}
        >
          {t("Back into the field")}
        </button>
        <button type="button" onClick={() => drop(one.id)}>
          {t("Throw away")}
        </button>
      </div>
    </div>
  );
}

/** Whether it is really on the screen: a tab may be hidden, a sheet closed. */
function useInSight(element: { current: HTMLElement | null }): boolean {
  const [is, say] = useState(false);
  useEffect(() => {
    if (!element.current || !("IntersectionObserver" in window)) return;
    const watch = new IntersectionObserver((seen) => say(seen.some((one) => one.isIntersecting)));
    watch.observe(element.current);
    return () => watch.disconnect();
  }, []);
  return is;
}
