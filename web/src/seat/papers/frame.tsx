/** The frame of what everybody looks at: among the faces, or for oneself over the whole screen. */
import { useSignal } from "@preact/signals";
import { Expand, Shrink } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { View } from "../../wire/protocol.gen";
import { t } from "../../words";
import { MicrophoneButton } from "../controls";
import { Ears } from "../ears";
import { spaceName } from "../space";
import { refusal } from "../state";

interface Props {
  view: View;
  kind: "exhibit" | "screen" | "own";
  head: ComponentChildren;
  /** Given what turns to the whole screen and back. */
  children: (turn: (whole: boolean) => void) => ComponentChildren;
  /** One is back among the faces. */
  onBack?: () => void;
}

/**
 * One element in both cases, so that what one looks closer at stays as it is. As a modal dialog it
 * makes what it covers unreachable, and Escape leads back.
 */
export function Framed({ view, kind, head, children, onBack }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const whole = useSignal(false);
  useLayoutEffect(() => {
    const dialog = element.current;
    if (!dialog) return;
    // By the attribute: `show()` would take the focus from whatever one is doing.
    dialog.setAttribute("open", "");
    return () => dialog.close();
  }, []);
  const turn = (to: boolean) => {
    const dialog = element.current;
    if (!dialog || whole.peek() === to) return;
    dialog.close();
    if (to) dialog.showModal();
    else dialog.setAttribute("open", "");
    whole.value = to;
    if (!to) onBack?.();
  };
  const turner = (
    <button type="button" onClick={() => turn(!whole.value)}>
      {whole.value ? <Shrink aria-hidden="true" /> : <Expand aria-hidden="true" />}
      {whole.value ? t("Back to the room") : t("Whole screen")}
    </button>
  );
  return (
    <dialog
      ref={element}
      class="stage"
      data-kind={kind}
      data-whole={whole.value}
      aria-label={t("What everybody looks at")}
      onCancel={(event) => {
        event.preventDefault();
        turn(false);
      }}
    >
      {whole.value && (
        <div class="stage-ears">
          <strong>{spaceName(view)}</strong>
          <Ears view={view} />
        </div>
      )}
      {kind !== "own" && (
        <div class="stage-head">
          {head}
          {turner}
        </div>
      )}
      {children(turn)}
      {whole.value && refusal.value && (
        <p class="problem" role="alert">
          {refusal.value}
        </p>
      )}
      {whole.value && <MicrophoneButton view={view} />}
    </dialog>
  );
}
