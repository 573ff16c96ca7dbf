/** The first page: who invites, when, and what will be asked. */
import { Mic, Video } from "lucide-preact";
import { useId } from "preact/hooks";
import { t } from "../words";
import type { Welcome } from "./arrival";
import { Avatar } from "./avatar";
import { toDevices } from "./journey";
import { Page } from "./page";
import { language, welcome } from "./state";

export function Landing() {
  const id = useId();
  const known = welcome.value;
  if (!known) return null;
  const title = known.hosting
    ? t("You host this session")
    : t("Mediator %(host)s is expecting you", { host: known.host_name });
  return (
    <Page title={title} languages icon={<Avatar name={known.host_name} />}>
      <dl class="facts">
        <dt>{t("Mediator")}</dt>
        <dd>{known.host_name}</dd>
        <dt>{t("Organisation")}</dt>
        <dd>{known.organisation}</dd>
        <dt>{t("Time")}</dt>
        <dd>{startsAt(known, language.value)}</dd>
      </dl>
      <section class="foretold" aria-labelledby={id}>
        <h2 id={id}>{t("What happens next")}</h2>
        <p class="with-icons">
          <Mic aria-hidden="true" />
          <Video aria-hidden="true" />
          <span>
            {t("Your browser will ask for the microphone and camera. Please choose “Allow”.")}
          </span>
        </p>
        <p>{t("Nobody sees or hears you until the mediator lets you in.")}</p>
      </section>
      <button type="button" class="main wide" onClick={toDevices}>
        {t("Join")}
      </button>
    </Page>
  );
}

/** The time on the organisation's clock, with its zone, for who sits elsewhere. */
export function startsAt(known: Pick<Welcome, "starts_at" | "time_zone">, lang: string): string {
  return new Intl.DateTimeFormat(lang === "zh" ? "zh-CN" : "en-GB", {
    timeZone: known.time_zone,
    dateStyle: "full",
    timeStyle: "short",
  }).format(new Date(known.starts_at));
}
