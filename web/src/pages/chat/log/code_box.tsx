import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../../i18n/catalogue";
import { highlight, nameOfLanguage } from "../../../text/highlight";
import type { CodePiece } from "../../../text/highlight";
import { Icon } from "../../../ui/icon";
import { copy } from "./actions";
import { useTabWithin } from "./tab_within";
import type { InRow } from "./tab_within";

interface CodeBoxProps extends InRow {
  readonly code: string;
  readonly language: string;
}

/** A block of code: it scrolls in its own box, and its language and the button to copy it stand beside it. */
export function CodeBox({ code, language, tab }: CodeBoxProps) {
  const box = useRef<HTMLDivElement>(null);
  useTabWithin(box, tab, code);
  const pieces = usePieces(code, language);
  const name = nameOfLanguage(language);
  return (
    <div ref={box} class="code" dir="ltr">
      <pre role="group" aria-label={name === "" ? t("log.code") : t("log.code_in", { language: name })}>
        <code>
          {pieces === null
            ? code
            : pieces.map(({ text, kind }, index) => (kind === null ? text : <span key={index} class={`code-${kind}`}>{text}</span>))}
        </code>
      </pre>
      <div class="lang">
        {name !== "" && <span>{name}</span>}
        <button class="icon-btn" type="button" tabIndex={tab} aria-label={t("log.copy_code")} title={t("log.copy_code")} onClick={() => copy(code)}>
          <Icon name="copy" />
        </button>
      </div>
    </div>
  );
}

/** Colours come when their code has been loaded; they change no letter's place. */
function usePieces(code: string, language: string): readonly CodePiece[] | null {
  const [found, setFound] = useState<{ readonly code: string; readonly pieces: readonly CodePiece[] | null }>();
  useEffect(() => {
    let isWanted = true;
    if (language !== "") {
      highlight(code, language).then(
        (pieces) => isWanted && setFound({ code, pieces }),
        () => undefined, // without a network it stays without colours
      );
    }
    return () => {
      isWanted = false;
    };
  }, [code, language]);
  return found?.code === code ? found.pieces : null;
}
