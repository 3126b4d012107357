import type { ComponentChild, ComponentChildren } from "preact";
import { t } from "../i18n/catalogue";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import type { FormState } from "./form";
import { FormError } from "./form";

interface FormDialogProps {
  readonly title: ComponentChild;
  readonly form: FormState;
  /** What the button does, and says while it is at it. */
  readonly act: string;
  readonly busyLabel?: string;
  /** It destroys something: the button is red, and without fields the focus begins on the way out. */
  readonly isDanger?: boolean;
  readonly disabledWhy?: string | undefined;
  /** The way out; "Cancel" where it has no better word. */
  readonly cancel?: string;
  /** Before the fields. */
  readonly lead?: ComponentChild;
  /** The fields. */
  readonly children?: ComponentChildren;
  readonly onClose: () => void;
}

/** A dialog that sends a form and stays until that was taken. */
export function FormDialog(props: FormDialogProps) {
  const { title, form, act, busyLabel = t("act.saving"), isDanger = false, disabledWhy, children, onClose } = props;
  return (
    <Dialog
      title={title}
      onClose={onClose}
      onSubmit={form.submit}
      actions={
        <>
          <Button onClick={onClose} autofocus={isDanger && children === undefined}>
            {props.cancel ?? t("act.cancel")}
          </Button>
          <Button
            type="submit"
            variant={isDanger ? "danger" : "primary"}
            busy={form.busy}
            busyLabel={busyLabel}
            disabledWhy={disabledWhy}
          >
            {act}
          </Button>
        </>
      }
    >
      {props.lead !== undefined && <p>{props.lead}</p>}
      {children !== undefined && (
        <div class="rows" ref={form.place}>
          {children}
        </div>
      )}
      <FormError text={form.errors.form} />
    </Dialog>
  );
}
