/**
 * How far regular expressions and searches travel through texts while something is done: work that is the same on every
 * machine. Of an expression held to one place that does not match there, the attempt counts as one step.
 */
export function charactersTravelled(act: () => void): number {
  let steps = 0;
  /* eslint-disable @typescript-eslint/unbound-method -- below, each is called on what it is a method of */
  const { exec } = RegExp.prototype;
  const { indexOf } = String.prototype;
  /* eslint-enable @typescript-eslint/unbound-method */
  // The language runs every match, replace and test through this one.
  RegExp.prototype.exec = function (this: RegExp, text: string) {
    const from = this.global || this.sticky ? this.lastIndex : 0;
    const match = exec.call(this, text);
    const isHeld = this.sticky || (this.source.startsWith("^") && !this.multiline);
    const missed = isHeld ? 0 : text.length - from;
    steps += 1 + (match === null ? missed : match.index + match[0].length - from);
    return match;
  };
  String.prototype.indexOf = function (this: string, wanted: string, from = 0) {
    const found = indexOf.call(this, wanted, from);
    steps += 1 + (found === -1 ? this.length : found) - from;
    return found;
  };
  try {
    act();
  } finally {
    RegExp.prototype.exec = exec;
    String.prototype.indexOf = indexOf;
  }
  return steps;
}
