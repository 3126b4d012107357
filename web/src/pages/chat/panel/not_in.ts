/** What is shown in the place of a room that one is not in, or no longer. */
export { LostRoomPage } from "./lost_room";
export { StrangeRoom } from "./strange_room";
