/** Who is typing where, and telling others that one is. */
import type { Clock } from "../api/clock";
import type { Millis, RoomId, UserId } from "../api/shapes";

/** Until when each of them counts as typing. */
export type Typing = ReadonlyMap<RoomId, ReadonlyMap<UserId, Millis>>;

/** How long one word of it holds: it is said again every few seconds, and may be lost. */
export const typingHoldsMs = 6_000;
export const typingToldEveryMs = 3_000;

export function beginTyping(typing: Typing, room: RoomId, user: UserId, now: Millis): Typing {
  return new Map(typing).set(room, new Map(typing.get(room)).set(user, now + typingHoldsMs));
}

/** He has posted, left, or gone. */
export function endTyping(typing: Typing, room: RoomId, user: UserId): Typing {
  const there = typing.get(room);
  if (there?.has(user) !== true) return typing;
  const others = new Map(there);
  others.delete(user);
  const next = new Map(typing);
  if (others.size > 0) next.set(room, others);
  else next.delete(room);
  return next;
}

/** Without those of whom nothing was heard for long. */
export function expireTyping(typing: Typing, now: Millis): Typing {
  let next = typing;
  for (const [room, there] of typing) {
    for (const [user, until] of there) {
      if (until <= now) next = endTyping(next, room, user);
    }
  }
  return next;
}

/** Who is typing in a room, who began first first. */
export function typingIn(typing: Typing, room: RoomId): readonly UserId[] {
  return [...(typing.get(room)?.keys() ?? [])];
}

/** Tells the room that one is typing: at once, then not more often than others need to hear it. */
export class TypingTeller {
  private told = new Map<RoomId, Millis>();

  constructor(
    private readonly clock: Clock,
    private readonly tell: (room: RoomId) => void,
  ) {}

  /** A key was pressed and there is something in the composer. */
  typed(room: RoomId): void {
    const now = this.clock.now();
    const last = this.told.get(room);
    if (last !== undefined && now - last < typingToldEveryMs && now >= last) return;
    this.told.set(room, now);
    this.tell(room);
  }

  /** It was sent: what is typed next is told at once. */
  sent(room: RoomId): void {
    this.told.delete(room);
  }
}
