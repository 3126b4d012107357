import type { ComponentChild, InputHTMLAttributes } from "preact";
import { useId, useState } from "preact/hooks";
import { t } from "../i18n/catalogue";
import { LinkButton } from "./button";
import { copyText } from "./clipboard";
import { Icon } from "./icon";

interface FieldProps {
  readonly label: ComponentChild;
  readonly name: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly hint?: string | undefined;
  /** What is wrong, read out when it appears. The text in the field stays. */
  readonly error?: string | undefined;
  readonly kind?: "text" | "email";
  readonly autocomplete?: InputHTMLAttributes["autocomplete"];
  readonly autofocus?: boolean;
  readonly maxLength?: number;
  /** Names of accounts: no capitals, no spelling. */
  readonly verbatim?: boolean;
  readonly lines?: boolean;
}

/** Label, error and hint of a control, tied to it by ids. */
function useDescription({ hint, error }: Pick<FieldProps, "hint" | "error">) {
  const id = useId();
  const describedBy = error !== undefined ? `${id}-error` : hint !== undefined ? `${id}-hint` : undefined;
  const below = (
    <>
      {error !== undefined && (
        <p class="error" id={`${id}-error`} role="alert">
          <Icon name="alert" />
          {error}
        </p>
      )}
      {error === undefined && hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </>
  );
  return { id, below, described: { "aria-describedby": describedBy, "aria-invalid": error !== undefined || undefined } };
}

/** For names, addresses and passwords: no capitals, no spelling. */
const verbatimly = { autocapitalize: "none", spellcheck: false } as const;
/** As objects, for the types of an input depend on its type. */
const kinds = { text: { type: "text" }, email: { type: "email" }, password: { type: "password" } } as const;

export function Field(props: FieldProps) {
  const { id, below, described } = useDescription(props);
  const control = {
    id,
    class: "input",
    name: props.name,
    value: props.value,
    autofocus: props.autofocus,
    maxLength: props.maxLength,
    ...described,
  };
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      {props.lines === true ? (
        <textarea {...control} rows={3} onInput={(event) => props.onInput(event.currentTarget.value)} />
      ) : (
        <input
          {...control}
          {...kinds[props.kind ?? "text"]}
          autocomplete={props.autocomplete ?? "off"}
          {...(props.verbatim === true && verbatimly)}
          onInput={(event) => props.onInput(event.currentTarget.value)}
        />
      )}
      {below}
    </div>
  );
}

type PasswordFieldProps = Omit<FieldProps, "kind" | "verbatim" | "maxLength" | "lines">;

export function PasswordField(props: PasswordFieldProps) {
  const { id, below, described } = useDescription(props);
  const [shown, setShown] = useState(false);
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <div class="with-btn">
        <input
          id={id}
          class="input"
          name={props.name}
          {...kinds[shown ? "text" : "password"]}
          value={props.value}
          autocomplete={props.autocomplete ?? "current-password"}
          autofocus={props.autofocus}
          {...verbatimly}
          {...described}
          onInput={(event) => props.onInput(event.currentTarget.value)}
        />
        <LinkButton label={t(shown ? "field.hide_password" : "field.show_password")} onClick={() => setShown(!shown)}>
          {shown ? t("act.hide") : t("act.show")}
        </LinkButton>
      </div>
      {below}
    </div>
  );
}

interface CopyFieldProps {
  readonly label: ComponentChild;
  readonly value: string;
  readonly hint: string;
}

/** A value to take away: read-only, all of it chosen on focus. */
export function CopyField({ label, value, hint }: CopyFieldProps) {
  const { id, below, described } = useDescription({ hint });
  const [copied, setCopied] = useState(false);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="with-btn">
        <input
          id={id}
          class="input mono"
          readonly
          value={value}
          {...described}
          onFocus={(event) => event.currentTarget.select()}
        />
        <LinkButton onClick={() => void copyText(value).then(() => setCopied(true))}>
          <span role="status">{copied ? t("act.copied") : t("act.copy")}</span>
        </LinkButton>
      </div>
      {below}
    </div>
  );
}

interface SearchFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
}

export const SearchField = ({ label, hint, value, onInput }: SearchFieldProps) => (
  <div class="search">
    <Icon name="search" />
    <input
      class="input"
      type="search"
      aria-label={label}
      placeholder={hint}
      value={value}
      autocomplete="off"
      {...verbatimly}
      onInput={(event) => onInput(event.currentTarget.value)}
    />
  </div>
);

interface SwitchProps {
  readonly label: string;
  readonly hint?: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
}

/** What is on or off, and takes effect as it is pressed or with its form. */
export function Switch({ label, hint, on, onChange }: SwitchProps) {
  const id = useId();
  return (
    <div class="switch-row">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="checkbox"
        role="switch"
        checked={on}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
