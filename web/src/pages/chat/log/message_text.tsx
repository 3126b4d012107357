import { useMemo, useRef, useState } from "preact/hooks";
import { t } from "../../../i18n/catalogue";
import { isOnlyEmoji } from "../../../text/emoji";
import { fold } from "../../../text/fold";
import { renderMarkdown } from "../../../text/markdown";
import type { NamesMeant } from "../../../text/mentions";
import { CodeBox } from "./code_box";
import { useLog } from "./log_view";
import { useTabWithin } from "./tab_within";
import type { InRow } from "./tab_within";

interface MessageTextProps extends InRow {
  readonly text: string;
  readonly names: NamesMeant;
}

/** What was written, rendered once: folded where it is longer than a screen, until one asks for all of it. */
export function MessageText({ text, names, tab }: MessageTextProps) {
  const view = useLog();
  const [isWhole, setWhole] = useState(false);
  const { head, isFolded } = useMemo(() => fold(text), [text]);
  const shown = isWhole ? text : head;
  const parts = useMemo(() => renderMarkdown(shown, { names, origin: location.origin }), [shown, names]);
  const showAll = () => {
    view.pin();
    setWhole(true);
  };
  return (
    <div class={isOnlyEmoji(text) ? "text big" : "text"}>
      {parts.map((part, index) =>
        part.kind === "html" ? (
          <Html key={index} html={part.html} tab={tab} />
        ) : (
          <CodeBox key={index} code={part.code} language={part.language} tab={tab} />
        ),
      )}
      {isFolded && !isWhole && (
        <button class="link" type="button" tabIndex={tab} onClick={showAll}>
          {t("log.all")}
        </button>
      )}
    </div>
  );
}

interface HtmlProps extends InRow {
  readonly html: string;
}

/** Only for what renderMarkdown has made. */
export function Html({ html, tab }: HtmlProps) {
  const element = useRef<HTMLDivElement>(null);
  useTabWithin(element, tab, html);
  return <div ref={element} class="md" dangerouslySetInnerHTML={{ __html: html }} />;
}
