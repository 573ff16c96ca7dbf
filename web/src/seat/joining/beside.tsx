/** Who can hear this: asked of both sides, in the lobby, and changed whenever it changes. */
import { Plus, Users } from "lucide-preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { View } from "../../wire/protocol.gen";
import { t } from "../../words";
import { command } from "../journey";
import { listed } from "../people";
import { connected, welcome } from "../state";
import { ConsentCard } from "./consent";
import { StepOf } from "./step";

const MOST = 5;

interface Props {
  view: View;
  done?: (names: string[]) => void;
  /** Which step of the way in this is. */
  step?: { at: number; of: number };
}

export function BesideCard({ view, done, step }: Props) {
  const id = useId();
  const [names, setNames] = useState<string[]>([...view.beside]);
  const [busy, setBusy] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const tell = async (found: string[]) => {
    setBusy(true);
    const names = found.filter((name) => name.trim());
    const ack = await command("tell_beside", { names });
    setBusy(false);
    if (ack.ok) done?.(names);
  };
  return (
    <section class="consent" aria-labelledby={id}>
      {step && <StepOf {...step} />}
      <h2 id={id} ref={heading} tabIndex={-1} class="with-icons">
        <Users aria-hidden="true" />
        {t("Who is near you?")}
      </h2>
      <p>
        {t(
          "We ask both sides: can anyone near you hear this? Please say who; they may stay only if everyone agrees.",
        )}
      </p>
      {names.length === 0 ? (
        <Choice busy={busy} alone={() => void tell([])} notAlone={() => setNames([""])} />
      ) : (
        <Names names={names} change={setNames} busy={busy} tell={(found) => void tell(found)} />
      )}
    </section>
  );
}

/** In the room: who is near, and then what each of them has still to agree to. */
export function BesidePanel({ view, done }: { view: View; done: () => void }) {
  const person = view.beside_needed[0];
  if (person) {
    return <ConsentCard texts={welcome.value?.beside_texts ?? []} person={person} key={person} />;
  }
  return (
    <>
      <BesideCard view={view} done={(names) => names.length === 0 && done()} />
      {view.beside.length > 0 && (
        <p aria-live="polite">{t("The others here are asked whether they may stay.")}</p>
      )}
    </>
  );
}

interface ChoiceProps {
  busy: boolean;
  alone: () => void;
  notAlone: () => void;
}

function Choice({ busy, alone, notAlone }: ChoiceProps) {
  const off = busy || !connected.value;
  return (
    <div class="actions consent-actions">
      <button type="button" class="main wide" disabled={off} onClick={alone}>
        {t("I am alone here")}
      </button>
      <button type="button" class="wide" disabled={off} onClick={notAlone}>
        {t("Somebody is with me")}
      </button>
    </div>
  );
}

interface NamesProps {
  names: string[];
  change: (names: string[]) => void;
  busy: boolean;
  tell: (names: string[]) => void;
}

function Names({ names, change, busy, tell }: NamesProps) {
  const id = useId();
  const set = (place: number, name: string) =>
    change(names.map((old, n) => (n === place ? name : old)));
  return (
    <form
      class="names"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        tell(names);
      }}
    >
      {names.map((name, n) => (
        <p key={n}>
          <label for={`${id}-${n}`}>{t("Name of person %(number)s", { number: n + 1 })}</label>
          <input
            id={`${id}-${n}`}
            maxLength={200}
            autocomplete="off"
            value={name}
            onInput={(event) => set(n, event.currentTarget.value)}
          />
        </p>
      ))}
      {names.length < MOST && (
        <button type="button" onClick={() => change([...names, ""])}>
          <Plus aria-hidden="true" />
          {t("One more person")}
        </button>
      )}
      <button
        type="submit"
        class="main wide"
        disabled={busy || !connected.value || !names.some((name) => name.trim())}
      >
        {t("That is everybody")}
      </button>
      <button
        type="button"
        class="wide"
        disabled={busy || !connected.value}
        onClick={() => tell([])}
      >
        {t("I am alone here")}
      </button>
    </form>
  );
}

/** What was said, and the way to say something else. */
export function BesideLine({ view, change }: { view: View; change: () => void }) {
  return (
    <p class="beside-line">
      <Users aria-hidden="true" />
      <span>
        {view.beside.length === 0
          ? t("Near you: nobody.")
          : t("Near you: %(names)s.", { names: listed(view.beside) })}
      </span>
      <button type="button" onClick={change}>
        {t("Change this")}
      </button>
    </p>
  );
}
