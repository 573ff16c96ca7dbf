/** One text to agree to: its points in large print, or all of it; nothing preselected, no hurry. */
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { t } from "../../words";
import type { Text } from "../arrival";
import { command } from "../journey";
import { connected } from "../state";
import { StepOf } from "./step";

interface Props {
  texts: Text[];
  /** Whose it is, of several at this device; without one it is their own who sits there. */
  person?: string;
  /** Which step of the way in this is. */
  step?: { at: number; of: number };
}

export function ConsentCard({ texts, person = "", step }: Props) {
  const id = useId();
  const [busy, setBusy] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  // What was focused is gone with the card before; the page begins with the first one.
  useEffect(() => {
    if (person) heading.current?.focus();
  }, [person]);
  const [declined, decline] = useState(false);
  const refuse = async () => {
    setBusy(true);
    const asked = await command("ask", { ask: "help", on: true });
    decline(asked.ok);
    setBusy(false);
  };
  const agree = async () => {
    setBusy(true);
    for (const { purpose, hash } of texts) await command("consent", { purpose, hash, person });
    setBusy(false);
  };
  return (
    <section class="consent" aria-labelledby={id}>
      {step && <StepOf {...step} />}
      <h2 id={id} ref={heading} tabIndex={-1}>
        {person
          ? t("%(name)s, please read this yourself", { name: person })
          : t("Before you are let in, please read this")}
      </h2>
      {texts.map((text) =>
        text.essentials.length > 0 ? (
          <Points key={text.hash} text={text} />
        ) : (
          <TextBody key={text.hash} text={text} />
        ),
      )}
      <p class="soft">
        {t("If you don't agree or have a question, tap “Need help” or call; you lose nothing.")}
      </p>
      <div aria-live="polite">
        {declined && (
          <p class="notice">
            {t(
              "You have agreed to nothing, and need not. The mediator is told that you would like to talk about it; you may also call.",
            )}
          </p>
        )}
      </div>
      <div class="consent-actions">
        <button
          type="button"
          class="main wide"
          disabled={busy || !connected.value}
          onClick={() => void agree()}
        >
          {t("I agree")}
        </button>
        {!declined && (
          <button
            type="button"
            class="wide"
            disabled={busy || !connected.value}
            onClick={() => void refuse()}
          >
            {t("I don't agree")}
          </button>
        )}
      </div>
    </section>
  );
}

/** What is agreed to is the whole text: it unfolds to its full length, right here. */
function Points({ text }: { text: Text }) {
  const [why = "", ...points] = text.essentials;
  return (
    <>
      <div class="points" lang={langOf(text)}>
        <p>{why}</p>
        <ol>
          {points.map((point) => (
            <Point key={point} point={point} />
          ))}
        </ol>
      </div>
      <details class="whole">
        <summary>{t("Read the whole text")}</summary>
        <TextBody text={text} />
      </details>
      <p class="soft">{t("You agree to the whole text; these are its main points.")}</p>
    </>
  );
}

/** Its first sentence says it; the rest explains. */
function Point({ point }: { point: string }) {
  const [, first = point, rest = ""] = /^(.+?[.。])\s*(.*)$/.exec(point) ?? [];
  return (
    <li>
      <strong>{first}</strong>
      {rest}
    </li>
  );
}

export function TextBody({ text }: { text: Text }) {
  const [title, ...paragraphs] = text.body.split(/\n+/);
  return (
    <>
      <div class="consent-text" lang={langOf(text)}>
        <p>
          <strong>{title}</strong>
        </p>
        {paragraphs.map((paragraph) => (
          <p key={paragraph}>{paragraph}</p>
        ))}
      </div>
      <p class="soft">{t("Version %(version)s. Take your time.", { version: text.version })}</p>
    </>
  );
}

function langOf(text: Text): string {
  return text.language === "zh" ? "zh-CN" : text.language;
}
