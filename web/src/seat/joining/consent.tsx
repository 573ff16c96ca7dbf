/** One text to agree to, whole, with nothing preselected and no hurry. */
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { t } from "../../words";
import type { Text } from "../arrival";
import { command } from "../journey";
import { connected } from "../state";

/** `person`: whose it is, of several at this device; without one it is their own who sits there. */
export function ConsentCard({ texts, person = "" }: { texts: Text[]; person?: string }) {
  const id = useId();
  const [busy, setBusy] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  // What was focused is gone with the card before; the page begins with the first one.
  useEffect(() => {
    if (person) heading.current?.focus();
  }, [person]);
  const agree = async () => {
    setBusy(true);
    for (const { purpose, hash } of texts) await command("consent", { purpose, hash, person });
    setBusy(false);
  };
  return (
    <section class="consent" aria-labelledby={id}>
      <h2 id={id} ref={heading} tabIndex={-1}>
        {person
          ? t("%(name)s, please read this yourself", { name: person })
          : t("Before you are let in, please read this")}
      </h2>
      {texts.map((text) => (
        <TextBody key={text.hash} text={text} />
      ))}
      <button
        type="button"
        class="main wide"
        disabled={busy || !connected.value}
        onClick={() => void agree()}
      >
        {t("I agree")}
      </button>
      <p class="soft">
        {t("If you don't agree or have a question, tap “Need help” or call; you lose nothing.")}
      </p>
    </section>
  );
}

export function TextBody({ text }: { text: Text }) {
  return (
    <>
      <div class="consent-text" lang={text.language === "zh" ? "zh-CN" : text.language}>
        {text.body.split(/\n+/).map((paragraph) => (
          <p key={paragraph}>{paragraph}</p>
        ))}
      </div>
      <p class="soft">{t("Version %(version)s. Take your time.", { version: text.version })}</p>
    </>
  );
}
