/** What is wrong with the devices, what to do in this browser, and two ways to do it. */
import { Check, Copy, TriangleAlert } from "lucide-preact";
import { useState } from "preact/hooks";
import { t } from "../../words";
import { wholeLink } from "../arrival";
import type { Fault } from "../call/capture";
import { faultAdvice } from "./advice";
import { thisBrowser } from "./browser";

export function Mending({ fault, again }: { fault: Fault; again: (() => void) | null }) {
  const { what, steps, elsewhere } = faultAdvice(fault, thisBrowser());
  return (
    <section class="mending" aria-label={t("What to do")}>
      <p class="with-icons">
        <TriangleAlert aria-hidden="true" />
        <strong>{what}</strong>
      </p>
      <ol class="advice-steps">
        {steps.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ol>
      <div class="check-actions">
        {again && (
          <button type="button" class="main" onClick={again}>
            {t("Try again")}
          </button>
        )}
        {elsewhere && wholeLink && <CopyLink link={wholeLink} />}
      </div>
    </section>
  );
}

function CopyLink({ link }: { link: string }) {
  const [copied, setCopied] = useState<boolean | null>(null);
  const copy = () =>
    navigator.clipboard?.writeText(link).then(
      () => setCopied(true),
      () => setCopied(false),
    ) ?? setCopied(false);
  return (
    <>
      <button type="button" onClick={() => void copy()}>
        {copied ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
        {copied ? t("Copied") : t("Copy the link")}
      </button>
      {copied === false && (
        <label class="copy-by-hand">
          {t("Hold your finger on it and choose “Copy”:")}
          <input readOnly value={link} onFocus={(event) => event.currentTarget.select()} />
        </label>
      )}
    </>
  );
}
