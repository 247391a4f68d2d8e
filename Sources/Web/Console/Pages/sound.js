// A sign for the ear when something urgent comes in; off until somebody turns it on, and remembered.

const key = 'tongxing.sound';
let context = null;

function remembered() {
  try {
    return localStorage.getItem(key) === 'on';
  } catch {
    return false;
  }
}

let isOn = remembered();

export const soundIsOn = () => isOn;

export function switchSound() {
  isOn = !isOn;
  try {
    localStorage.setItem(key, isOn ? 'on' : 'off');
  } catch {
    // then it is remembered for this visit only
  }
  if (isOn) sound(2);
  return isOn;
}

/** One tone for attention, two for inspect, three for urgent. Browsers stay silent until the page was touched. */
export function sound(severity) {
  if (!isOn || severity < 2) return;
  context ??= new AudioContext();
  if (context.state === 'suspended') context.resume().catch(() => {});
  for (let index = 0; index < severity - 1; index += 1) tone(context.currentTime + index * 0.22, severity);
}

function tone(at, severity) {
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.frequency.value = severity === 4 ? 1046 : severity === 3 ? 784 : 587;
  gain.gain.setValueAtTime(0.0001, at);
  gain.gain.exponentialRampToValueAtTime(0.18, at + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + 0.18);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(at);
  oscillator.stop(at + 0.2);
}
