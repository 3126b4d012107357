import type { ComponentChild, ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";

interface DialogProps {
  /** The question, or what is to be done. */
  readonly title: ComponentChild;
  readonly children: ComponentChildren;
  /** Buttons, the one that does it last. */
  readonly actions: ComponentChildren;
  /** Esc or a button: the dialog is to go. */
  readonly onClose: () => void;
  /** With it the dialog is a form. */
  readonly onSubmit?: () => void;
}

/** What makes a <dialog> modal, open as long as it is rendered. The focus returns to where it was, or to the page if that
 *  has gone. */
export function useModal(onClose: () => void) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [, askToStay] = useState({});

  useLayoutEffect(() => {
    const element = dialog.current;
    const opener = document.activeElement;
    return () => {
      element?.close();
      const back = opener instanceof HTMLElement && opener.isConnected ? opener : document.querySelector("main");
      if (!(back instanceof HTMLElement)) return;
      // Chromium's own way back puts the focus into a field and not the caret: what is typed then goes nowhere.
      if (back === document.activeElement) back.blur();
      back.focus();
    };
  }, []);

  useLayoutEffect(() => {
    if (dialog.current?.open === false) dialog.current.showModal();
  });

  const onCancel = (event: Event) => {
    event.preventDefault(); // it closes by not being rendered
    onClose();
  };
  // A browser insists on closing when Esc or Back comes twice; who renders the dialog decides.
  const onClosed = () => {
    if (dialog.current?.isConnected !== true) return; // as it should be
    onClose();
    askToStay({});
  };
  return { ref: dialog, onCancel, onClose: onClosed };
}

export function Dialog({ title, children, actions, onClose, onSubmit }: DialogProps) {
  const titleId = useId();
  const modal = useModal(onClose);
  const content = (
    <>
      <h2 id={titleId}>{title}</h2>
      {children}
      <div class="actions">{actions}</div>
    </>
  );
  return (
    <dialog class="dialog" aria-labelledby={titleId} {...modal}>
      {onSubmit === undefined ? (
        content
      ) : (
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            onSubmit();
          }}
        >
          {content}
        </form>
      )}
    </dialog>
  );
}
