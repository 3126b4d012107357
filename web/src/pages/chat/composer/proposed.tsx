/** What the list over a box offers: names behind an `@`, emoji behind a `:`. */
import type { ComponentChild } from "preact";
import { useEffect, useState } from "preact/hooks";
import { language, t } from "../../../i18n/catalogue";
import { nameOf } from "../../../model/presence";
import type { LoadedRoom } from "../../../model/state";
import { Avatar } from "../../../ui/avatar";
import { Icon } from "../../../ui/icon";
import { useChat } from "../chat_services";
import type { findByCode } from "./emoji/emoji_set";
import { useNames } from "./people";
import type { ProposedName, ProposedPerson } from "./people";
import type { Asked } from "./proposals";

export interface Proposal {
  readonly key: string;
  /** What takes the place of what was written. */
  readonly text: string;
  readonly title?: string;
  readonly row: ComponentChild;
}

export function useProposed(room: LoadedRoom, asked: Asked): readonly Proposal[] {
  const names = useNames(room, asked.kind === "name" ? asked.query : null);
  const emoji = useEmoji(asked.kind === "emoji" ? asked.query : null);
  return asked.kind === "emoji" ? emoji.map(ofEmoji) : names.map(ofName);
}

const emojiMax = 8;

/** By the beginning of their codes, once they are loaded; a list that cannot be loaded is not missed. */
function useEmoji(query: string | null): ReturnType<typeof findByCode> {
  const [find, setFind] = useState<(code: string) => ReturnType<typeof findByCode>>();
  const isAsked = query !== null;
  const wanted = language.value;
  useEffect(() => {
    if (!isAsked) return undefined;
    let isCurrent = true;
    void import("./emoji/emoji_set")
      .then(async (emoji) => {
        const set = await emoji.emojiSet(wanted);
        if (isCurrent) setFind(() => (code: string) => emoji.findByCode(set, code, emojiMax));
      })
      .catch(() => undefined);
    return () => {
      isCurrent = false;
    };
  }, [isAsked, wanted]);
  return query === null || find === undefined ? [] : find(query);
}

const ofEmoji = ({ emoji, code }: ReturnType<typeof findByCode>[number]): Proposal => ({
  key: emoji.sign,
  text: emoji.sign,
  row: (
    <>
      <span class="proposal-icon sign">{emoji.sign}</span>
      <span>:{code}:</span>
      <span class="muted cut">{emoji.name}</span>
    </>
  ),
});

function ofName(name: ProposedName): Proposal {
  if (typeof name === "string") return { key: name, text: `@${name}`, row: <Everybody name={name} /> };
  const { person } = name;
  return {
    key: person.id,
    text: `@${person.username}`,
    title: `${nameOf(person)} @${person.username}`,
    row: <PersonRow {...name} />,
  };
}

const Everybody = ({ name }: { readonly name: "all" | "here" }) => (
  <>
    <span class="proposal-icon">
      <Icon name="people" />
    </span>
    <span>@{name}</span>
    <span class="muted cut">{t(`composer.${name}`)}</span>
  </>
);

function PersonRow({ person, isMember }: ProposedPerson) {
  const { chat } = useChat();
  const bot = "bot" in person && person.bot;
  const online = isMember && !bot ? chat.state.value.online.has(person.id) : undefined;
  return (
    <>
      <Avatar id={person.id} name={nameOf(person)} size="md" bot={bot} online={online} />
      <bdi class="cut">{nameOf(person)}</bdi>
      <span class="muted cut">@{person.username}</span>
      {!isMember && <span class="note">{t("composer.not_here")}</span>}
    </>
  );
}
