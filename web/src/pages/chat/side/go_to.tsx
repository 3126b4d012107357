import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import { useApp } from "../../../app_context";
import type { Refusal } from "../../../api/http";
import type { RoomId, Suggestion } from "../../../api/shapes";
import { t } from "../../../i18n/catalogue";
import { goTo, hitsIn, readings } from "../../../model/goto";
import { nameOf } from "../../../model/presence";
import { go } from "../../../routes";
import { Avatar } from "../../../ui/avatar";
import { Badge, Tag } from "../../../ui/badge";
import { IconButton } from "../../../ui/button";
import { useModal } from "../../../ui/dialog";
import { Icon } from "../../../ui/icon";
import { useListbox } from "../../../ui/listbox";
import { FormError } from "../../form";
import { useListing } from "../../listing";
import { refusalText } from "../../refusal_text";
import { useSearch } from "../../search";
import { wholeList } from "../../whole_list";
import { useChat } from "../chat_services";
import { useJoin } from "../join";
import { useOpenDirect } from "../open_direct";
import { destinations } from "./places";
import type { Destination } from "./places";
import { useRoomList } from "./room_list";
import { visitedBy } from "./visits";

interface GoToProps {
  /** Where one is already. */
  readonly from: RoomId | undefined;
  /** What was typed before this was there. */
  readonly typed: string;
  readonly onClose: () => void;
}

/** Any room and any person by a few letters of their names. */
export function GoTo({ from, typed: typedBefore, onClose }: GoToProps) {
  const modal = useModal(onClose);
  const { typed, query, setTyped } = useSearch(typedBefore);
  const places = usePlaces(query);
  const { isBusy, error, choose } = useChoose(onClose);
  const isAsked = typed.trim() !== "";
  const offered = isAsked ? places : places.filter(({ key, target }) => target.kind === "mine" && key !== from);
  const shown = goTo(typed, offered);
  const box = useListbox({ count: shown.length, onChoose: (index) => choose(shown[index]) });
  return (
    <dialog class="goto" aria-label={t("goto.title")} {...modal}>
      <div class="q">
        <Icon name="search" />
        <input
          type="text"
          list={undefined}
          aria-label={t("goto.field")}
          placeholder={t("goto.hint")}
          value={typed}
          autocapitalize="none"
          spellcheck={false}
          enterkeyhint="go"
          aria-busy={isBusy}
          {...box.input}
          onInput={(event) => {
            setTyped(event.currentTarget.value);
            box.reset();
          }}
        />
        <IconButton icon="x" label={t("act.close")} onClick={onClose} />
      </div>
      <ul {...box.list} aria-label={t("goto.list")}>
        {shown.map((place, index) => (
          <li key={place.key} {...box.option(index)}>
            <PlaceRow place={place} query={typed} />
          </li>
        ))}
      </ul>
      <FormError text={error} />
      <p class={shown.length === 0 && isAsked ? "none" : "unseen"} role="status">
        {isAsked && (shown.length === 0 ? t("goto.none", { q: typed.trim() }) : t("goto.found", { n: shown.length }))}
      </p>
      <Keys />
    </dialog>
  );
}

function usePlaces(query: string): readonly Destination[] {
  const { calls } = useApp();
  const { chat } = useChat();
  const state = chat.state.value;
  const list = useRoomList();
  const askForRooms = useCallback(() => wholeList(calls.visibleRooms), [calls]);
  const { listing } = useListing(askForRooms);
  const found = useFound(query);
  const visited = useMemo(() => visitedBy(state.me.id), [state.me.id]);
  return useMemo(
    () => destinations({ state, list, rooms: listing.kind === "there" ? listing.value : [], found, visited }),
    [state, list, listing, found, visited],
  );
}

/** People of whom one knows nothing yet. Once found they stay, for the next letters narrow them down. */
function useFound(query: string): readonly Suggestion[] {
  const { calls } = useApp();
  const [found, setFound] = useState<readonly Suggestion[]>([]);
  useEffect(() => {
    const name = query.replace(/^[#@]/, "");
    if (name === "") return undefined;
    let isWanted = true;
    const ask = async () => {
      // What it would be on the other keyboard is asked for only where what was typed is nobody's name.
      for (const reading of readings(name)) {
        const answer = await calls.findUsers(reading);
        if (!isWanted || !answer.ok) return;
        setFound((before) => [...before.filter(({ id }) => answer.value.every((each) => each.id !== id)), ...answer.value]);
        if (answer.value.length > 0) return;
      }
    };
    void ask();
    return () => {
      isWanted = false;
    };
  }, [calls, query]);
  return found;
}

/** Goes there, where need be by joining the room or opening a direct one. */
function useChoose(onClose: () => void) {
  const join = useJoin();
  const openDirect = useOpenDirect();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string>();

  const reach = async ({ target }: Destination): Promise<Refusal | null> => {
    if (target.kind === "person") return openDirect([target.person]);
    if (target.kind === "other" && target.room.isOpen) return join(target.room.id);
    // Of a private room its page says how one comes in.
    go({ page: "room", room: target.kind === "mine" ? target.room : target.room.id });
    return null;
  };
  const choose = (place: Destination | undefined) => {
    if (place === undefined || isBusy) return;
    setBusy(true);
    setError(undefined);
    void reach(place).then((refusal) => {
      setBusy(false);
      if (refusal === null) onClose();
      else setError(refusalText(refusal));
    });
  };
  return { isBusy, error, choose };
}

function PlaceRow({ place, query }: { readonly place: Destination; readonly query: string }) {
  const { drafts } = useChat();
  const { target, icon, title, sub, forMe, isUnread } = place;
  return (
    <>
      <PlaceIcon icon={icon} />
      <span class={isUnread ? "cut unread" : "cut"}>
        <bdi>
          <Hits text={title} query={query} />
        </bdi>
      </span>
      <span class="sub cut">
        <bdi>
          <Hits text={sub} query={sub.startsWith("@") ? query : ""} />
        </bdi>
      </span>
      {icon === "lock" && <span class="unseen">{t("side.private")}</span>}
      {isUnread && forMe === 0 && <span class="unseen">{t("goto.unread")}</span>}
      {target.kind === "mine" && drafts.keys.value.has(target.room) && (
        <>
          <Icon name="pencil" />
          <span class="unseen">{t("side.draft")}</span>
        </>
      )}
      <Badge count={forMe} />
      {forMe > 0 && <span class="unseen">{t("goto.for_you", { n: forMe })}</span>}
      {target.kind === "other" && target.room.isOpen && <Tag>{t("browse.join")}</Tag>}
    </>
  );
}

function PlaceIcon({ icon }: Pick<Destination, "icon">) {
  if (icon === "hash" || icon === "lock") return <Icon name={icon} />;
  if (typeof icon === "number") {
    return (
      <span class="stack" aria-hidden="true">
        {icon}
      </span>
    );
  }
  return <Avatar id={icon.person.id} name={nameOf(icon.person)} bot={icon.isBot} size="sm" online={icon.isBot ? undefined : icon.isOnline} />;
}

const Hits = ({ text, query }: { readonly text: string; readonly query: string }) => (
  <>{hitsIn(text, query).map((piece) => (piece.isHit ? <mark class="hit">{piece.text}</mark> : piece.text))}</>
);

const Keys = () => (
  <div class="keys wide-only" aria-hidden="true">
    <span>
      <kbd>↑</kbd> <kbd>↓</kbd> {t("goto.keys_choose")}
    </span>
    <span>
      <kbd>Enter</kbd> {t("goto.keys_open")}
    </span>
    <span>
      <kbd>Esc</kbd> {t("goto.keys_close")}
    </span>
  </div>
);
