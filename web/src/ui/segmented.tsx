import { useId } from "preact/hooks";

interface SegmentedProps<Value extends string> {
  readonly label: string;
  /** The label is for screen readers alone, where the choices speak for themselves. */
  readonly quiet?: boolean;
  readonly value: Value;
  /** Two to four. */
  readonly choices: readonly { readonly value: Value; readonly label: string; readonly lang?: string }[];
  readonly onChange: (value: Value) => void;
}

/** One of a few, all of them in sight: native radio buttons, so arrows and forms work as everywhere. */
export function Segmented<Value extends string>({ label, quiet, value, choices, onChange }: SegmentedProps<Value>) {
  const id = useId();
  return (
    <div class={quiet === true ? undefined : "field"}>
      <span class={quiet === true ? "unseen" : "label"} id={id}>
        {label}
      </span>
      <div class="segmented" role="radiogroup" aria-labelledby={id}>
        {choices.map((choice) => (
          <label key={choice.value} lang={choice.lang}>
            <input
              class="unseen"
              type="radio"
              name={id}
              value={choice.value}
              checked={choice.value === value}
              onChange={() => onChange(choice.value)}
            />
            {choice.label}
          </label>
        ))}
      </div>
    </div>
  );
}
