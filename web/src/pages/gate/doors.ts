/** The pages before one is in, loaded together: most people are in already. */
export { SessionExpired } from "../session_expired";
export { SetUp } from "./set_up";
export { SignIn } from "./sign_in";
export { SignUp } from "./sign_up";
