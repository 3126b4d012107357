import type { ComponentChild } from "preact";
import { useRef, useState } from "preact/hooks";
import type { LoadedRoom } from "../../../model/state";
import { codeBeingWritten } from "../../../text/emoji";
import { mentionBeingWritten } from "../../../text/mentions";
import type { ProposalList } from "./proposal_list";

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

interface Proposals {
  /** Something was typed, or the caret has moved. */
  readonly look: () => void;
  readonly close: () => void;
  /** One is in the box, and may want the list soon: it is not part of the first load. */
  readonly prepare: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => boolean;
  readonly list: ComponentChild;
}

/** The list of names or emoji over a box, while something is being written there that can be completed. */
export function useProposals(box: Box, room: LoadedRoom): Proposals {
  const [asked, setAsked] = useState<Asked | null>(null);
  /** Where the list was closed and stays so. */
  const [closedAt, setClosedAt] = useState<number | null>(null);
  const [List, setList] = useState<typeof ProposalList>();
  const handle = useRef<ListHandle | null>(null);

  // Without a network there is no list, until one comes to the box again.
  const prepare = () =>
    void import("./proposal_list").then(
      (module) => setList(() => module.ProposalList),
      () => undefined,
    );
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
    prepare,
    onKeyDown: (event) => handle.current?.onKeyDown(event) ?? false,
    list: List !== undefined && asked !== null && asked.start !== closedAt && box.current !== null && (
      <List
        box={box.current}
        room={room}
        asked={asked}
        handle={handle}
        onTaken={close}
        onClose={() => setClosedAt(asked.start)}
      />
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
