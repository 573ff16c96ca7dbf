/** Two notes to listen to: the only way to know whether somebody hears. */
import { Volume2 } from "lucide-preact";
import { useState } from "preact/hooks";
import { t } from "../../words";
import { type Browser, thisBrowser } from "./browser";
import { speaker } from "./checks";
import { notes } from "./notes";

export function SpeakerTest() {
  const [played, setPlayed] = useState(false);
  const [blocked, setBlocked] = useState(false);
  const heard = speaker.value;
  const play = async () => {
    speaker.value = null;
    const done = await playNotes();
    setPlayed(done);
    setBlocked(!done);
  };
  const answer = (yes: boolean) => {
    speaker.value = yes;
    setPlayed(false);
  };
  const state = heard === true ? "good" : heard === false || blocked ? "bad" : "asked";
  return (
    <div class="check" data-state={state}>
      <Volume2 aria-hidden="true" />
      <span aria-live="polite">
        {heard === true
          ? t("You hear well.")
          : heard === false
            ? t("You heard nothing:")
            : blocked
              ? t("The browser didn't play it. Please tap once more.")
              : played
                ? t("Did you hear two notes?")
                : t("Can you hear the phone or computer?")}
      </span>
      {played && heard === null ? (
        <div class="check-actions">
          <button type="button" onClick={() => answer(true)}>
            {t("I heard it")}
          </button>
          <button type="button" onClick={() => answer(false)}>
            {t("I heard nothing")}
          </button>
        </div>
      ) : (
        <button type="button" onClick={() => void play()}>
          {heard === null ? t("Play a sound") : t("Play it again")}
        </button>
      )}
      {heard === false && (
        <ol class="advice-steps">
          {soundAdvice(thisBrowser()).map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ol>
      )}
    </div>
  );
}

/** Through an element like the voices later; the silent switch of a phone is treated alike. */
async function playNotes(): Promise<boolean> {
  const url = URL.createObjectURL(new Blob([notes()], { type: "audio/wav" }));
  const element = new Audio(url);
  element.addEventListener("ended", () => URL.revokeObjectURL(url));
  return element.play().then(
    () => true,
    () => false,
  );
}

/** The sound that was played was not heard. */
function soundAdvice({ kind, phone }: Browser): string[] {
  if (!phone) {
    return [
      t("Look at the loudspeaker's sign on the computer: is it crossed out, or very low?"),
      t("Pull the headset out and plug it in again, then play the sound once more."),
    ];
  }
  const apple = ["wechat_ios", "safari_ios", "other_ios"].includes(kind);
  return [
    t("Press the upper key at the side of the phone several times: it makes it louder."),
    apple
      ? t("On an iPhone, look at the small switch on the left edge: no orange may be seen.")
      : t("Look whether the phone is set to silent."),
    t("Headphones, a hearing aid or a car may have the sound: switch Bluetooth off."),
  ];
}
