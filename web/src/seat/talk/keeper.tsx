/** The minutes, kept by the clerk or the host, and read by them alone. */
import { Lock } from "lucide-preact";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../../words";
import { connected } from "../state";
import { clockTime } from "../time";
import { minutes } from "./lists";
import { moved } from "./merge";
import { begin, changed, choose, save, saving, theirs, type, typed } from "./saving";

const LONGEST = 50_000;

export function Keeper() {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const last = useRef("");
  const { base, text } = typed.value;
  useEffect(begin, []);
  useLayoutEffect(() => {
    // Changed under one's hands: the caret stays with its words.
    const area = field.current;
    if (area && area.value !== text) {
      const caret = moved(area.selectionStart, last.current, text);
      area.value = text;
      if (document.activeElement === area) area.setSelectionRange(caret, caret);
    }
    last.current = text;
  }, [text]);
  return (
    <section class="talk minutes" aria-label={t("Minutes")}>
      <p class="talk-to" data-place="lobby">
        <Lock aria-hidden="true" />
        <strong>{t("Read by the mediators and the clerk only")}</strong>
      </p>
      {theirs.value && <Both />}
      <label for={id}>{t("Minutes")}</label>
      <textarea
        id={id}
        ref={field}
        maxLength={LONGEST}
        disabled={base === null}
        defaultValue={text}
        onInput={(event) => type(event.currentTarget.value)}
        onBlur={() => void save()}
      />
      <p class="soft" aria-live="polite">
        {standing()}
      </p>
    </section>
  );
}

function standing(): string {
  if (theirs.value) return t("Not kept yet: please choose first.");
  if (changed() && !connected.value) {
    return t("Not kept yet. It is kept when the connection is back; you can go on typing.");
  }
  if (saving.value || changed()) return t("Keeping…");
  const page = minutes().value.value;
  if (!page?.at) return t("Kept by itself while you type.");
  return t("Kept at %(time)s, by %(name)s.", { time: clockTime(page.at), name: page.by });
}

function Both() {
  const mine = typed.value.text;
  const other = theirs.value?.content ?? "";
  return (
    <div class="notice notice-attention" role="alert">
      <p>{t("Somebody else has changed the same lines meanwhile. Theirs:")}</p>
      <pre class="minutes-theirs">{other}</pre>
      <div class="talk-actions">
        <button type="button" onClick={() => choose(other)}>
          {t("Take theirs")}
        </button>
        <button type="button" onClick={() => choose(mine)}>
          {t("Keep mine")}
        </button>
        <button type="button" onClick={() => choose(`${other}\n${mine}`)}>
          {t("Keep both")}
        </button>
      </div>
    </div>
  );
}
