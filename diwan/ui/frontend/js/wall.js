// The wall: a tone when one more report of the first priority is open, if somebody in the room switched it on. The word and
// the sign are there anyway; nothing blinks for those who asked for less motion.
const button = document.querySelector("[data-wall-sound]");
const urgent = () => Number(document.querySelector("[data-wall]")?.dataset.urgent || 0);
let before = urgent();
let audio = null;

function tone() {
  if (!audio) return;
  const sound = audio.createOscillator();
  const volume = audio.createGain();
  sound.frequency.value = 880;
  volume.gain.setValueAtTime(0.25, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.8);
  sound.connect(volume).connect(audio.destination);
  sound.start();
  sound.stop(audio.currentTime + 0.8);
}

button?.addEventListener("click", () => {
  const on = button.getAttribute("aria-pressed") !== "true";
  audio = on ? new AudioContext() : null;
  button.setAttribute("aria-pressed", String(on));
  if (on) tone();
});

document.addEventListener("htmx:afterSettle", () => {
  const now = urgent();
  if (now > before) tone();
  before = now;
});
