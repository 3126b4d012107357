const noteS = 0.16;
const loudest = 0.06;
/** Two notes, the second a fourth above the first. */
const notesHz = [587.33, 783.99] as const;

let context: AudioContext | undefined;

/** A short soft sound. A browser that has not been touched yet allows none, and is not asked. */
export function playTone(): void {
  if (!navigator.userActivation.hasBeenActive) return;
  const audio = (context ??= new AudioContext());
  void audio.resume().then(() => {
    notesHz.forEach((note, index) => play(audio, note, audio.currentTime + index * noteS * 0.7));
  });
}

function play(audio: AudioContext, hz: number, at: number): void {
  const note = new OscillatorNode(audio, { frequency: hz });
  const volume = new GainNode(audio, { gain: 0 });
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(loudest, at + 0.015); // without a click
  volume.gain.exponentialRampToValueAtTime(0.0001, at + noteS * 2);
  note.connect(volume).connect(audio.destination);
  note.start(at);
  note.stop(at + noteS * 2);
}
