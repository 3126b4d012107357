import type { ComponentChild } from "preact";
import { useRef, useState } from "preact/hooks";
import type { LoadedRoom } from "../../../model/state";
import { codeBeingWritten } from "../../../text/emoji";
import { mentionBeingWritten } from "../../../text/mentions";
import { Lazy } from "../../../ui/lazy";

/** What is being written that can be completed, and where it begins. */
export interface Asked {
  readonly kind: "name" | "emoji";
  readonly start: number;
  readonly query: string;
}

/** What an open list has to say to its box. */
export interface ListHandle {
  /** Whether the press was the list's. */
  readonly onKeyDown: (event: KeyboardEvent) => boolean;
  /** The first is active again. */
  readonly reset: () => void;
}

interface Box {
  readonly current: HTMLTextAreaElement | null;
}

const loadList = () => import("./proposal_list");

interface Proposals {
  /** Something was typed, or the caret has moved. */
  readonly look: () => void;
  readonly close: () => void;
  /** One is in the box, and may need the list soon. */
  readonly prepare: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => boolean;
  readonly list: ComponentChild;
}

/** The list of names or emoji over a box, while something is being written there that can be completed. */
export function useProposals(box: Box, room: LoadedRoom): Proposals {
  const [asked, setAsked] = useState<Asked | null>(null);
  /** Where the list was closed and stays so. */
  const [closedAt, setClosedAt] = useState<number | null>(null);
  const handle = useRef<ListHandle | null>(null);

  const look = () => {
    const next = box.current === null ? null : askedAt(box.current);
    setClosedAt((start) => (start === next?.start ? start : null));
    if (next?.start === asked?.start && next?.query === asked?.query) return;
    setAsked(next);
    handle.current?.reset();
  };
  const close = () => setAsked(null);
  return {
    look,
    close,
    prepare: () => void loadList().catch(() => undefined),
    onKeyDown: (event) => handle.current?.onKeyDown(event) ?? false,
    list: asked !== null && asked.start !== closedAt && box.current !== null && (
      <Lazy load={loadList} waiting={null} failed={null}>
        {({ ProposalList }) =>
          box.current !== null && (
            <ProposalList
              box={box.current}
              room={room}
              asked={asked}
              handle={handle}
              onTaken={close}
              onClose={() => setClosedAt(asked.start)}
            />
          )
        }
      </Lazy>
    ),
  };
}

function askedAt({ value, selectionStart, selectionEnd }: HTMLTextAreaElement): Asked | null {
  if (selectionStart !== selectionEnd) return null;
  const name = mentionBeingWritten(value, selectionEnd);
  if (name !== null) return { kind: "name", ...name };
  const code = codeBeingWritten(value, selectionEnd);
  return code === null ? null : { kind: "emoji", ...code };
}
