/** Waiting, calmly: who will come, one's own picture, and the consent as a card. */
import { Check } from "lucide-preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { View } from "../wire/protocol.gen";
import { t } from "../words";
import type { Text } from "./arrival";
import { Avatar } from "./avatar";
import { CameraButton, HelpButton } from "./controls";
import { OwnPicture } from "./devices";
import { command } from "./journey";
import { HelpLine, LargeSwitch } from "./page";
import { connected, welcome } from "./state";

export function Lobby({ view }: { view: View }) {
  const needed = (welcome.value?.texts ?? []).filter((text) =>
    view.consents_needed.includes(text.purpose),
  );
  return (
    <div class="lobby">
      <div class="lobby-host">
        <Avatar name={view.host_name} />
        <p>
          <span class="soft">{t("Your mediator")}</span>
          <strong>{view.host_name}</strong>
        </p>
      </div>
      {needed[0] && <ConsentCard text={needed[0]} key={needed[0].hash} />}
      {!needed[0] && !view.sent_out && <Waiting view={view} />}
      <OwnPicture />
      <div class="controls">
        <CameraButton />
        <HelpButton view={view} />
      </div>
      <div class="small-line">
        <HelpLine short />
        <LargeSwitch />
      </div>
    </div>
  );
}

function Waiting({ view }: { view: View }) {
  const text =
    view.host_state === "elsewhere" && !view.claim
      ? t("Everything is ready. The mediator sees that you are waiting and will let you in.")
      : t("Everything is ready. Please keep this page open.");
  // The button that was focused is gone with the consent's card.
  const place = useRef<HTMLParagraphElement>(null);
  useEffect(() => place.current?.focus(), []);
  return (
    <p class="waiting" ref={place} tabIndex={-1}>
      <Check aria-hidden="true" />
      <span>{text}</span>
    </p>
  );
}

/** One text to agree to, whole, with nothing preselected and no hurry. */
function ConsentCard({ text }: { text: Text }) {
  const id = useId();
  const [busy, setBusy] = useState(false);
  const agree = async () => {
    setBusy(true);
    await command("consent", { purpose: text.purpose, hash: text.hash });
    setBusy(false);
  };
  return (
    <section class="consent" aria-labelledby={id}>
      <h2 id={id}>{t("Before you are let in, please read this")}</h2>
      <div class="consent-text" lang={text.language === "zh" ? "zh-CN" : text.language}>
        {text.body.split(/\n+/).map((paragraph) => (
          <p key={paragraph}>{paragraph}</p>
        ))}
      </div>
      <p class="soft">{t("Version %(version)s. Take your time.", { version: text.version })}</p>
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
