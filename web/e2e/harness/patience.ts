/** How many times as long as usual to wait for things: for a program that is built to find faults, or a busy machine. */
export const patience = Number(process.env["PATIENCE"] ?? "1");
