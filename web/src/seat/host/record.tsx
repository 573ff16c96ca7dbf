/** A host asks everybody whether a moment may be recorded, in the words that all will read. */
import { CircleDot } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import type { Purpose, View } from "../../wire/protocol.gen";
import { spoken, t, tn } from "../../words";
import { readAddress } from "../arrival";
import { Dialog } from "../dialog";
import { command } from "../journey";
import { moment } from "../recording/words";
import { connected } from "../state";

const CHOICES = [5, 10, 20, 30, 60];

interface Offer {
  purposes: Purpose[];
  minutes: number;
  text: string;
  hash: string;
  hours: number;
}

export function RecordButton({ view }: { view: View }) {
  const [asking, ask] = useState(false);
  if (!view.may_record || view.recording) return null;
  return (
    <>
      <button type="button" class="toggle" disabled={!connected.value} onClick={() => ask(true)}>
        <CircleDot aria-hidden="true" />
        <span>{t("Record")}</span>
      </button>
      {asking && <RecordDialog onClose={() => ask(false)} />}
    </>
  );
}

function RecordDialog({ onClose }: { onClose: () => void }) {
  const [purpose, choose] = useState<Purpose | null>(null);
  const [minutes, setMinutes] = useState(5);
  const [problem, setProblem] = useState<string | null>(null);
  const offer = useOffer(purpose, minutes, setProblem);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!purpose || !offer) {
      setProblem(t("Please choose what is to be recorded."));
      return;
    }
    onClose();
    await command("ask_recording", { purpose, minutes, hash: offer.hash });
  };
  return (
    <Dialog title={t("Record a moment")} onClose={onClose}>
      <form class="record-form" onSubmit={submit} noValidate>
        <p>
          {t(
            "Everyone here is asked first, on their own screen. It begins when the last one has said yes, and stops when anyone wants it to.",
          )}
        </p>
        <fieldset class="choices">
          <legend>{t("What is to be recorded?")}</legend>
          {(offer?.purposes ?? []).map((one) => (
            <label key={one} class="choice">
              <input
                type="radio"
                name="purpose"
                checked={purpose === one}
                onChange={() => {
                  choose(one);
                  setProblem(null);
                }}
              />
              {moment(one)}
            </label>
          ))}
        </fieldset>
        <fieldset class="chips">
          <legend>{t("About how long?")}</legend>
          {CHOICES.map((choice) => (
            <label key={choice} class="chip">
              <input
                type="radio"
                name="minutes"
                checked={minutes === choice}
                onChange={() => setMinutes(choice)}
              />
              {tn("%(num)s minute", "%(num)s minutes", choice)}
            </label>
          ))}
        </fieldset>
        {purpose && offer && (
          <blockquote>
            {offer.text.split("\n").map((line) => (
              <p key={line}>{line}</p>
            ))}
          </blockquote>
        )}
        {offer && <Room hours={offer.hours} minutes={minutes} />}
        <p aria-live="polite" class={problem ? "problem" : undefined}>
          {problem}
        </p>
        <div class="dialog-actions">
          <button type="button" onClick={onClose}>
            {t("Don't record")}
          </button>
          <button type="submit" class="main" disabled={!connected.value || !offer?.hash}>
            {t("Ask everyone")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** For how long there is room on the disk. */
function Room({ hours, minutes }: { hours: number; minutes: number }) {
  if (hours * 60 < minutes)
    return <p class="problem">{t("The disk is nearly full. There is no room for that long.")}</p>;
  const whole = Math.floor(hours);
  return (
    <p class="soft">
      {whole < 1
        ? t("There is room on the disk for less than an hour.")
        : whole > 1000
          ? t("There is room on the disk for more than 1,000 hours.")
          : tn(
              "There is room on the disk for about %(num)s hour.",
              "There is room on the disk for about %(num)s hours.",
              whole,
            )}
    </p>
  );
}

/** The text with what was chosen in it; what came before stays until the next is there. */
function useOffer(
  purpose: Purpose | null,
  minutes: number,
  fail: (why: string) => void,
): Offer | null {
  const [offer, setOffer] = useState<Offer | null>(null);
  const lang = spoken();
  useEffect(() => {
    let wanted = true;
    const ask = async () => {
      const query = new URLSearchParams({ purpose: purpose ?? "", minutes: `${minutes}`, lang });
      const url = `/j/${readAddress().seat}/room/recording/offer?${query}`;
      const answer = await fetch(url, { cache: "no-store" }).catch(() => null);
      const said = (await answer?.json().catch(() => null)) ?? null;
      if (!wanted) return;
      if (answer?.ok) setOffer(said as Offer);
      else fail(said?.text ?? t("That didn't work. Please try again."));
    };
    setOffer((before) => before && { ...before, hash: "" });
    void ask();
    return () => {
      wanted = false;
    };
  }, [purpose, minutes, lang]);
  return offer;
}
