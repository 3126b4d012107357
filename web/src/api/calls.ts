/** Every call of api.md that the client makes, one function each. */
import { list, object, text } from "./decode";
import type { Fields } from "./decode";
import { entry } from "./events";
import type { Answer, Call, Request } from "./http";
import * as shapes from "./shapes";
import type {
  Level,
  MemberId,
  MentionAllBy,
  MessageId,
  Role,
  RoomId,
  Scope,
  Seq,
  SessionId,
  TokenId,
  UserId,
} from "./shapes";

/** A part of a list that the server counts by position. */
export interface Part {
  readonly offset?: number;
  readonly limit?: number;
}

/** A part of a room's log; without a bound, its end. */
export interface LogPart {
  readonly before?: Seq;
  readonly after?: Seq;
  readonly around?: Seq;
  readonly limit?: number;
}

/** The most entries that one answer holds. */
export const logPartMax = 200;
/** The most people that one call may name. */
export const usersByIdMax = 100;
/** The most rows of a list in one answer. */
export const listPartMax = 1_000;

export interface NewAccount {
  readonly username: string;
  readonly email: string;
  readonly password: string;
}

export interface ProfileChange {
  readonly username?: string;
  readonly email?: string;
  readonly displayName?: string;
  readonly avatar?: string;
  readonly settings?: Fields;
}

export interface AccountChange {
  readonly email?: string;
  readonly displayName?: string;
  readonly password?: string;
  readonly isSuperuser?: boolean;
  readonly isDisabled?: boolean;
}

export interface UsersWanted {
  readonly query: string;
  readonly show: "all" | "admins" | "disabled";
  readonly order: "username" | "-username" | "last_seen" | "-last_seen";
}

export interface NewRoom {
  readonly name: string;
  readonly topic?: string;
  readonly isOpen?: boolean;
  readonly isVisible?: boolean;
}

export interface RoomChange {
  readonly name?: string;
  readonly topic?: string;
  readonly isOpen?: boolean;
  readonly isVisible?: boolean;
  readonly mentionAllBy?: MentionAllBy;
}

export interface NewMessage {
  readonly room: RoomId;
  readonly text: string;
  readonly nonce: string;
  readonly replyTo: MessageId | null;
}

const names: Readonly<Record<string, string>> = {
  displayName: "display_name",
  isSuperuser: "is_superuser",
  isDisabled: "is_disabled",
  isOpen: "is_open",
  isVisible: "is_visible",
  mentionAllBy: "mention_all_by",
};

/** The keys that are given, by the API's names. */
function body(change: object): Request<unknown>["body"] {
  return Object.fromEntries(
    Object.entries(change)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]: [string, unknown]) => [names[key] ?? key, value]),
  );
}

/** "Done" is all that some answers say. */
const done = object((get) => get("status", text));

function account(wanted: NewAccount) {
  const { username, email, password } = wanted;
  return { username, email, password1: password, password2: password };
}

export function makeCalls(call: Call) {
  const get = <T>(path: string, read: Request<T>["read"], query: Request<T>["query"] = {}): Promise<Answer<T>> =>
    call({ method: "GET", path, query, read });
  const part = ({ offset, limit }: Part) => ({ offset, limit });

  return {
    // Signing in. The session is in a cookie.
    register: (wanted: NewAccount) =>
      call({ method: "POST", path: "/api/register", body: account(wanted), read: shapes.signedIn }),
    setUp: (code: string, wanted: NewAccount, serverName: string) =>
      call({
        method: "POST",
        path: "/api/setup",
        body: { code, ...account(wanted), server_name: serverName },
        read: shapes.signedIn,
      }),
    login: (username: string, password: string) =>
      call({ method: "POST", path: "/api/login", body: { username, password }, read: shapes.signedIn }),
    logout: () => call({ method: "POST", path: "/api/logout", read: done }),
    ping: () => get("/api/ping", shapes.ping),

    // The own account.
    me: () => get("/api/users/me", shapes.account),
    changeMe: (change: ProfileChange) =>
      call({ method: "PATCH", path: "/api/users/me", body: { ...body(change) }, read: shapes.account }),
    changePassword: (oldPassword: string, password: string) =>
      call({
        method: "PATCH",
        path: "/api/users/me",
        body: { old_password: oldPassword, password },
        read: shapes.account,
      }),
    sessions: () => get("/api/sessions", list(shapes.session), { limit: listPartMax }),
    endSession: (id: SessionId) => call({ method: "DELETE", path: `/api/sessions/${id}`, read: done }),
    tokens: () => get("/api/tokens", list(shapes.token), { limit: listPartMax }),
    createToken: (name: string, scope: Scope) =>
      call({ method: "POST", path: "/api/tokens", body: { name, scope }, read: shapes.newToken }),
    revokeToken: (id: TokenId) => call({ method: "DELETE", path: `/api/tokens/${id}`, read: done }),

    // People.
    /** At most usersByIdMax. */
    usersById: (ids: readonly UserId[]) => get("/api/users", list(shapes.profile), { ids: ids.join(",") }),
    lastSeen: (id: UserId) => get("/api/users", list(shapes.lastSeen), { ids: id }),
    findUsers: (query: string) => get("/api/users", list(shapes.suggestion), { query, limit: 20 }),
    usersForAdmin: ({ query, show, order }: UsersWanted, at: Part) =>
      get("/api/users", list(shapes.userForAdmin), {
        query: query === "" ? undefined : query,
        is_superuser: show === "admins" ? "true" : undefined,
        is_disabled: show === "disabled" ? "true" : undefined,
        sort: order,
        ...part(at),
      }),
    /** Another's, for admins. */
    tokensOf: (user: UserId) => get("/api/tokens", list(shapes.token), { user, limit: listPartMax }),
    createUser: (wanted: NewAccount, isSuperuser: boolean) =>
      call({
        method: "POST",
        path: "/api/users",
        body: { username: wanted.username, email: wanted.email, password: wanted.password, is_superuser: isSuperuser },
        read: shapes.account,
      }),
    changeUser: (id: UserId, change: AccountChange) =>
      call({ method: "PATCH", path: `/api/users/${id}`, body: { ...body(change) }, read: shapes.account }),

    // Rooms.
    myRooms: (at: Part = {}) => get("/api/rooms", list(shapes.room), { member: "me", ...part(at) }),
    visibleRooms: (at: Part = {}) => get("/api/rooms", list(shapes.room), { is_visible: "true", ...part(at) }),
    allRooms: (at: Part = {}) => get("/api/rooms", list(shapes.room), part(at)),
    room: (id: RoomId) => get(`/api/rooms/${id}`, shapes.room),
    messagesTotal: (id: RoomId) => get(`/api/rooms/${id}`, shapes.messagesTotal),
    createRoom: (wanted: NewRoom) =>
      call({ method: "POST", path: "/api/rooms", body: { ...body(wanted) }, read: shapes.room }),
    openDirectRoom: (users: readonly UserId[]) =>
      call({ method: "POST", path: "/api/rooms", body: { kind: "direct", users }, read: shapes.room }),
    changeRoom: (id: RoomId, change: RoomChange) =>
      call({ method: "PATCH", path: `/api/rooms/${id}`, body: { ...body(change) }, read: shapes.room }),
    deleteRoom: (id: RoomId) => call({ method: "DELETE", path: `/api/rooms/${id}`, read: done }),
    setLevel: (id: RoomId, level: Level) =>
      call({ method: "PUT", path: `/api/rooms/${id}/notify`, body: { level }, read: done }),
    /** `unread`: back to there, too. */
    markRead: (id: RoomId, seq: Seq, unread = false) =>
      call({ method: "PUT", path: `/api/rooms/${id}/read`, body: { seq, ...(unread && { unread }) }, read: done }),
    unread: () => get("/api/unread", list(shapes.unreadRow)),

    // Members.
    members: (room: RoomId, at: Part = {}) => get("/api/members", list(shapes.member), { room, ...part(at) }),
    join: (room: RoomId) => call({ method: "POST", path: "/api/members", body: { room }, read: shapes.member }),
    invite: (room: RoomId, user: UserId, role: Role) =>
      call({ method: "POST", path: "/api/members", body: { room, user, role }, read: shapes.member }),
    changeRole: (room: RoomId, member: MemberId, role: Role) =>
      call({ method: "PATCH", path: `/api/members/${member}`, query: { room }, body: { role }, read: shapes.member }),
    /** The own member leaves, any other is removed. */
    removeMember: (room: RoomId, member: MemberId) =>
      call({ method: "DELETE", path: `/api/members/${member}`, query: { room }, read: done }),

    // Messages.
    /** Every entry of the log there, in the form of the live events. */
    entries: (room: RoomId, { before, after, around, limit }: LogPart) =>
      get("/api/messages", list(entry), { room, entries: "all", before, after, around, limit }),
    /** The newest messages, without other entries. */
    latestMessages: (room: RoomId, limit: number) => get("/api/messages", list(shapes.message), { room, limit }),
    message: (id: MessageId) => get(`/api/messages/${id}`, shapes.message),
    post: ({ room, text, nonce, replyTo }: NewMessage) =>
      call({
        method: "POST",
        path: "/api/messages",
        body: { room, text, nonce, ...(replyTo !== null && { reply_to: replyTo }) },
        read: shapes.message,
      }),
    edit: (id: MessageId, text: string) =>
      call({ method: "PATCH", path: `/api/messages/${id}`, body: { text }, read: shapes.message }),
    deleteMessage: (id: MessageId) => call({ method: "DELETE", path: `/api/messages/${id}`, read: done }),
    history: (id: MessageId) => get(`/api/messages/${id}/history`, list(shapes.messageVersion)),

    server: () => get("/api/server", shapes.serverReport),
  };
}

export type Calls = ReturnType<typeof makeCalls>;
