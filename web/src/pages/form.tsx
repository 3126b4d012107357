import type { ComponentChildren, RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../ui/icon";

/** What is wrong, by field; "form" is what belongs to none. */
// eslint-disable-next-line @typescript-eslint/consistent-indexed-object-style -- of a Record TypeScript cannot tell that {} is one
export type Errors<Name extends string> = { readonly [N in Name | "form"]?: string | undefined };

interface Plan<Name extends string> {
  /** Before anything is sent. */
  readonly check?: (values: Readonly<Record<Name, string>>) => Errors<Name>;
  /** Sends, and answers with what was refused; nothing when it was done. */
  readonly send: (values: Readonly<Record<Name, string>>) => Promise<Errors<Name> | undefined>;
}

/** What shows a form needs of it, whatever its fields. */
export interface FormState {
  readonly busy: boolean;
  readonly errors: { readonly form?: string | undefined };
  readonly submit: () => void;
  /** Goes around the fields: errors are looked for in here. */
  readonly place: RefObject<HTMLDivElement | null>;
}

/** The state of a form: texts stay whatever happens, errors stand at their field until it is changed, and the first
 *  field with an error gets the focus. */
export function useForm<Name extends string>(initial: Readonly<Record<Name, string>>, { check, send }: Plan<NoInfer<Name>>) {
  const [values, setValues] = useState(initial);
  const [errors, setErrors] = useState<Errors<Name>>({});
  const [busy, setBusy] = useState(false);
  const place = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    place.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [errors]);

  const setValue = (name: Name, value: string) => {
    setValues((before) => ({ ...before, [name]: value }));
    if (errors[name] !== undefined || errors.form !== undefined) setErrors(without(errors, name));
  };
  const submit = async () => {
    if (busy) return;
    const wrong = check?.(values) ?? {};
    setErrors(wrong);
    if (Object.keys(wrong).length > 0) return;
    setBusy(true);
    const refused = await send(values);
    setBusy(false);
    if (refused !== undefined) setErrors(refused);
  };
  return {
    values,
    errors,
    busy,
    submit: () => void submit(),
    setValues,
    place,
    field: (name: Name) => ({
      name,
      value: values[name],
      error: errors[name],
      onInput: (value: string) => setValue(name, value),
    }),
  };
}

function without<Name extends string>(errors: Errors<Name>, name: Name): Errors<Name> {
  return { ...errors, [name]: undefined, form: undefined };
}

interface FormProps {
  readonly of: Pick<FormState, "submit">;
  readonly look?: "sheet" | "sheet wide";
  readonly children: ComponentChildren;
}

/** Errors are told by us, at their fields: the browser's own bubbles stay away. */
export const Form = ({ of, look, children }: FormProps) => (
  <form
    class={look}
    noValidate
    onSubmit={(event) => {
      event.preventDefault();
      of.submit();
    }}
  >
    {children}
  </form>
);

export const FormError = ({ text }: { readonly text: string | undefined }) =>
  text === undefined ? null : (
    <p class="error" role="alert">
      <Icon name="alert" />
      {text}
    </p>
  );
