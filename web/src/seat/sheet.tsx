/**
 * What is opened beside or over the faces: at a desk a panel beside them, on a phone a sheet from
 * below. One at a time, closed by Escape, and gone with the space it was opened in.
 */
import { ArrowLeft, X } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../words";
import { atDesk } from "./sheets";

interface Props {
  title: string;
  onClose: () => void;
  /** Where this was opened from another sheet. */
  onBack?: (() => void) | undefined;
  children: ComponentChildren;
}

export function Sheet({ title, onClose, onBack, children }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = element.current;
    // At a desk the rest of the room stays in use.
    if (atDesk()) dialog?.show();
    else dialog?.showModal();
    return () => dialog?.close();
  }, []);
  // What was focused may be gone with what was shown before.
  useEffect(() => heading.current?.focus(), [title]);
  return (
    <dialog
      ref={element}
      class="sheet"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented) onClose();
      }}
      onClick={(event) => {
        // On the ground behind it.
        if (event.target === element.current) onClose();
      }}
    >
      <div class="sheet-inside">
        <div class="sheet-head">
          {onBack && (
            <button type="button" class="sheet-back" onClick={onBack}>
              <ArrowLeft aria-hidden="true" />
              {t("Back")}
            </button>
          )}
          <h2 id={id} ref={heading} tabIndex={-1}>
            {title}
          </h2>
          <button type="button" class="sheet-end" onClick={onClose}>
            <X aria-hidden="true" />
            {t("Close")}
          </button>
        </div>
        <div class="sheet-body">{children}</div>
      </div>
    </dialog>
  );
}
