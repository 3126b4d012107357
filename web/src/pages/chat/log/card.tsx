import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { Attachment } from "../../../api/shapes";
import { t } from "../../../i18n/catalogue";
import { renderMarkdown, safeAddress } from "../../../text/markdown";
import type { NamesMeant } from "../../../text/mentions";
import { CodeBox } from "./code_box";
import { Html } from "./message_text";
import type { InRow } from "./tab_within";

const tints = { good: "good", warning: "warning", danger: "danger" } as const;
type Tint = keyof typeof tints;
const isTint = (color: string): color is Tint => Object.hasOwn(tints, color);
/** A colour of the sender's own, and nothing else that styles understand. */
const hexColor = /^#?((?:[0-9a-f]{3}){1,2})$/i;

const nobody: NamesMeant = { people: new Map(), everybody: null };

interface CardProps extends InRow {
  readonly card: Attachment;
}

/** What a webhook has sent: a bar in its colour, which is said in words too. */
export function Card({ card, tab }: CardProps) {
  const element = useRef<HTMLDivElement>(null);
  const { color, title, titleLink, text, fields } = card;
  const own = hexColor.exec(color)?.[1];
  useLayoutEffect(() => {
    if (own !== undefined) element.current?.style.setProperty("--tint", `#${own}`);
  }, [own]);
  const address = safeAddress(titleLink);
  return (
    <div ref={element} class="card" data-tint={isTint(color) ? color : undefined}>
      {isTint(color) && <p class="says">{t(`card.${color}`)}</p>}
      {title !== "" && (
        <h3 dir="auto">
          {address === null ? (
            title
          ) : (
            <a href={address} title={address} target="_blank" rel="noopener noreferrer nofollow" tabIndex={tab}>
              {title}
            </a>
          )}
        </h3>
      )}
      {text !== "" && <CardText text={text} tab={tab} />}
      {fields.length > 0 && (
        <dl>
          {fields.map((field, index) => (
            <div key={index}>
              <dt dir="auto">{field.title}</dt>
              <dd>
                <CardText text={field.value} tab={tab} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

function CardText({ text, tab }: InRow & { readonly text: string }) {
  const parts = useMemo(() => renderMarkdown(text, { names: nobody, origin: location.origin }), [text]);
  return (
    <>
      {parts.map((part, index) =>
        part.kind === "html" ? (
          <Html key={index} html={part.html} tab={tab} />
        ) : (
          <CodeBox key={index} code={part.code} language={part.language} tab={tab} />
        ),
      )}
    </>
  );
}
