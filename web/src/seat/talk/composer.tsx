/** Where something is typed and sent. */
import { Plus, Send } from "lucide-preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { draft, keepDraft } from "./drafts";

interface Props {
  /** Under which what is half written is kept. */
  name: string;
  label: string;
  button: string;
  /** What is written is added here, and not sent to anybody. */
  adds?: boolean;
  /** It has just been asked for: what is typed now is meant for it. */
  focused?: boolean;
  onSend: (text: string) => void;
}

const LONGEST = 2000;

export function Composer({ name, label, button, adds = false, focused = false, onSend }: Props) {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const text = draft(name);
  useEffect(() => {
    if (focused) field.current?.focus();
  }, [focused]);
  const send = () => {
    if (!text.trim()) return field.current?.focus();
    onSend(text);
    keepDraft(name, "");
    field.current?.focus();
  };
  return (
    <form
      class="talk-write"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <label for={id}>{label}</label>
      <textarea
        id={id}
        ref={field}
        rows={2}
        maxLength={LONGEST}
        value={text}
        enterkeyhint="enter"
        onInput={(event) => keepDraft(name, event.currentTarget.value)}
        onKeyDown={(event) => {
          if (!sends(event)) return;
          event.preventDefault();
          send();
        }}
      />
      <button type="submit" class="main">
        {adds ? <Plus aria-hidden="true" /> : <Send aria-hidden="true" />}
        {button}
      </button>
    </form>
  );
}

/** Enter, at a desk; not the Enter by which Chinese is typed, and not on a phone's keyboard. */
function sends(event: KeyboardEvent): boolean {
  const desk = window.matchMedia("(hover: hover) and (pointer: fine)").matches;
  return event.key === "Enter" && !event.shiftKey && !event.isComposing && desk;
}
