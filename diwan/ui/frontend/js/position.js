// <form data-position>: before the form goes, the device says where it stands (hidden fields lat, lng, accuracy). Without
// permission or within eight seconds without an answer it goes without them.
const WAIT = 8000;

function place() {
  return new Promise((resolve) => {
    if (!navigator.geolocation) { resolve(null); return; }
    navigator.geolocation.getCurrentPosition(({ coords }) => resolve(coords), () => resolve(null), { enableHighAccuracy: true, timeout: WAIT, maximumAge: 30_000 });
  });
}

function fill(form, coords) {
  const values = coords ? { lat: coords.latitude.toFixed(6), lng: coords.longitude.toFixed(6), accuracy: String(Math.round(coords.accuracy)) } : {};
  for (const name of ["lat", "lng", "accuracy"]) {
    const field = form.querySelector(`input[type=hidden][name="${name}"]`);
    if (field) field.value = values[name] || "";
  }
}

// In the capture phase of the window: before the listeners that send a form or wait for its files.
window.addEventListener("submit", async (event) => {
  const form = event.target;
  const button = event.submitter;
  if (!form.matches("[data-position]") || form.positioned || form.uploads || (button && (button.hasAttribute("data-no-position") || button.hasAttribute("formaction")))) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.locating) return;
  form.locating = true;
  const note = form.querySelector("[data-position-note]");
  if (note) note.textContent = form.dataset.positionWait || "";
  fill(form, await place());
  if (note) note.textContent = "";
  form.locating = false;
  form.positioned = true;
  form.requestSubmit(button && button.isConnected ? button : null);
  form.positioned = false;
}, true);
