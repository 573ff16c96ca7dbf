/** After the try before the day: what works, what doesn't, and when to come back. */
import { Check, TriangleAlert } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { t } from "../../words";
import * as capture from "../call/capture";
import { CalendarLink } from "../landing";
import { Page } from "../page";
import { language, step, welcome } from "../state";
import { network, rehearsal, speaker, tried, verdict } from "./checks";
import { TextBody } from "./consent";
import { startsAt } from "./facts";
import { said } from "./network";

export function Rehearsed() {
  const known = welcome.value;
  if (!known) return null;
  const found = tried.value;
  const way = network.value && verdict(network.value);
  const good = found.microphone && found.camera && way !== "no_way" && speaker.value !== false;
  const again = () => {
    rehearsal.value = "trying";
  };
  return (
    <Page title={good ? t("All works") : t("Not everything works yet")} languages>
      <ul class="tried">
        <Result good={found.microphone}>
          {found.microphone ? t("Your microphone works.") : t("No microphone.")}
        </Result>
        <Result good={found.camera}>
          {found.camera ? t("Your camera works.") : t("No camera. You can take part without one.")}
        </Result>
        {speaker.value !== null && (
          <Result good={speaker.value}>
            {speaker.value ? t("You hear well.") : t("You heard nothing.")}
          </Result>
        )}
        {way && <Result good={way === "good" || way === "detour"}>{said(way)}</Result>}
      </ul>
      <p class="advice">
        {t("Please come back with this same link on %(time)s.", {
          time: startsAt(known, language.value),
        })}
      </p>
      <p>
        <CalendarLink seat={known.seat} />
      </p>
      <p>{t("The mediator sees whether it worked, and calls if you need help.")}</p>
      {known.texts.map((text) => (
        <details key={text.hash}>
          <summary>{t("To read at leisure: what you will be asked to agree to")}</summary>
          <TextBody text={text} />
        </details>
      ))}
      <div class="actions">
        <button type="button" class={good ? "wide" : "main wide"} onClick={again}>
          {t("Try everything again")}
        </button>
        <button
          type="button"
          class="wide"
          onClick={() => {
            rehearsal.value = "no";
            step.value = "landing";
          }}
        >
          {t("Back to the first page")}
        </button>
      </div>
    </Page>
  );
}

/** The devices are let go as soon as the try is over. */
export function endTry(): void {
  tried.value = {
    microphone: capture.microphone.peek() !== null,
    camera: capture.camera.peek() !== null,
  };
  capture.closeAll();
  rehearsal.value = "tried";
}

function Result({ good, children }: { good: boolean; children: ComponentChildren }) {
  return (
    <li data-state={good ? "good" : "bad"}>
      {good ? <Check aria-hidden="true" /> : <TriangleAlert aria-hidden="true" />}
      <span>{children}</span>
    </li>
  );
}
