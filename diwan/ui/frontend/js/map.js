// [data-pin]: a pin on a map drawn from our own shapes (districts, streets); no tiles from anybody.
import { Map as LeafletMap, circleMarker, control, divIcon, geoJSON, marker } from "leaflet";
import { text } from "./dom.js";
import "./points.js";

const STEP = 0.0003; // about 30 m, a press of an arrow key
const ROUGH = 50; // metres: beyond it the person is asked to mend the pin
const STEPS = { ArrowUp: [STEP, 0], ArrowDown: [-STEP, 0], ArrowLeft: [0, -STEP], ArrowRight: [0, STEP] };
const PIN = '<svg viewBox="0 0 24 32" width="36" height="48" aria-hidden="true"><path d="M12 0C5.400 0 0 5.200 0 11.700 0 20.500 12 32 12 32s12-11.500 12-20.300C24 5.200 18.600 0 12 0z" fill="#114530" stroke="#fff" stroke-width="1.500"/><circle cx="12" cy="12" r="4.500" fill="#fff"/></svg>';

/** Whether a point lies in a GeoJSON polygon or multipolygon. */
export function holds(geometry, lon, lat) {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.type === "MultiPolygon" ? geometry.coordinates : [];
  const inRing = (ring) => ring.reduce((inside, [x, y], place) => {
    const [px, py] = ring[(place || ring.length) - 1];
    return (y > lat) !== (py > lat) && lon < ((px - x) * (lat - y)) / (py - y) + x ? !inside : inside;
  }, false);
  return polygons.some(([outer, ...holes]) => inRing(outer) && !holes.some(inRing));
}

class PinField {
  constructor(box) {
    this.box = box;
    this.lat = box.querySelector("[data-lat]");
    this.lon = box.querySelector("[data-lon]");
    this.words = box.querySelector("[data-pin-text]");
    this.districts = [];
    const [lat, lon] = (box.dataset.center || "24.7,46.7").split(",").map(Number);
    this.map = new LeafletMap(box.querySelector("[data-map]"), {
      attributionControl: false, zoomControl: false, zoomAnimation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches, scrollWheelZoom: false,
      center: [lat, lon], zoom: Number(box.dataset.zoom || 13), minZoom: 5, maxZoom: 19,
    });
    control.zoom({ zoomInTitle: text("zoom_in"), zoomOutTitle: text("zoom_out"), position: document.documentElement.dir === "rtl" ? "topright" : "topleft" }).addTo(this.map);
    this.map.on("click", ({ latlng }) => this.put(latlng.lat, latlng.lng, { how: "map" }));
    box.closest("form")?.addEventListener("change", ({ target }) => this.picked(target));
    box.querySelector("[data-locate]")?.addEventListener("click", () => this.locate());
    if (this.lat.value && this.lon.value) this.put(Number(this.lat.value), Number(this.lon.value), { quiet: true });
    this.draw();
  }

  async draw() {
    const { districtsUrl, streetsUrl } = this.box.dataset;
    if (districtsUrl) {
      const shapes = await this.load(districtsUrl);
      this.districts = shapes.features || [];
      const layer = geoJSON(shapes, { interactive: false, style: { color: "#196040", weight: 1.5, fillColor: "#e4f4ec", fillOpacity: 0.5 } }).addTo(this.map);
      if (!this.box.dataset.center && !this.lat.value && layer.getBounds().isValid()) this.map.fitBounds(layer.getBounds());
      this.tell();
    }
    if (streetsUrl) geoJSON(await this.load(streetsUrl), { interactive: false, style: { color: "#7d7a72", weight: 2 } }).addTo(this.map);
  }

  async load(url) {
    try {
      const response = await fetch(url, { credentials: "same-origin" });
      return response.ok ? await response.json() : { type: "FeatureCollection", features: [] };
    } catch { return { type: "FeatureCollection", features: [] }; }
  }

  /** A field beside the pin: how it was set, how exactly, the street or landmark picked. */
  beside(part) {
    return [...(this.box.closest("form")?.querySelectorAll(`[name="${this.box.dataset.name}-${part}"]`) || [])];
  }

  picked(target) {
    if (target.name !== `${this.box.dataset.name}-pick` || !target.checked) return;
    const [lat, lon] = target.value.split(",").map(Number);
    this.put(lat, lon, { how: "search" });
    this.map.setView([lat, lon], 16);
  }

  /** `how` is absent when a stored pin is shown again. The last way to set it counts: a street picked before gives way. */
  put(lat, lon, { quiet = false, how, accuracy = "" } = {}) {
    if (how) {
      for (const field of this.beside("how")) field.value = how;
      for (const field of this.beside("accuracy")) field.value = accuracy;
      for (const field of this.beside("near")) field.value = "";
      if (how !== "search") for (const field of this.beside("pick")) field.checked = false;
    }
    const at = [Math.max(-90, Math.min(90, lat)), lon];
    if (!this.pin) {
      this.pin = marker(at, { draggable: true, keyboard: true, icon: divIcon({ html: PIN, className: "pin-icon", iconSize: [36, 48], iconAnchor: [18, 48] }) }).addTo(this.map);
      const element = this.pin.getElement();
      element.setAttribute("aria-label", text("pin_label"));
      element.addEventListener("keydown", (event) => this.pressed(event));
      this.pin.on("dragend", () => { const { lat: y, lng: x } = this.pin.getLatLng(); this.put(y, x, { how: "map" }); });
    }
    this.pin.setLatLng(at);
    this.lat.value = at[0].toFixed(6);
    this.lon.value = at[1].toFixed(6);
    this.tell();
    if (quiet) this.map.setView(at, 16); else this.lat.dispatchEvent(new Event("input", { bubbles: true }));
  }

  pressed(event) {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const { lat, lng } = this.pin.getLatLng();
    const size = event.shiftKey ? 10 : 1;
    this.put(lat + step[0] * size, lng + step[1] * size, { how: "map" });
    this.map.panInside(this.pin.getLatLng(), { padding: [40, 60] });
  }

  tell() {
    if (!this.lat.value) return;
    const lat = Number(this.lat.value);
    const lon = Number(this.lon.value);
    const found = this.districts.find((one) => one.geometry && holds(one.geometry, lon, lat));
    const lang = document.documentElement.lang;
    const name = found ? found.properties[`name_${lang}`] || found.properties.name || "" : "";
    const accuracy = Number(this.beside("accuracy")[0]?.value || 0);
    const parts = [text("pin_at", { lat: `\u2066${lat.toFixed(5)}`, lon: `${lon.toFixed(5)}\u2069` }), name];
    if (accuracy) parts.push(text(accuracy > ROUGH ? "pin_rough" : "pin_accuracy", { n: accuracy }));
    this.words.textContent = parts.filter(Boolean).join(" · ");
  }

  locate() {
    const denied = () => { this.words.textContent = text("location_denied"); };
    if (!navigator.geolocation) { denied(); return; }
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      this.put(coords.latitude, coords.longitude, { how: "gps", accuracy: String(Math.round(coords.accuracy)) });
      this.map.setView([coords.latitude, coords.longitude], 17);
      circleMarker([coords.latitude, coords.longitude], { radius: Math.min(40, Math.max(8, coords.accuracy / 4)), color: "#196040", fillOpacity: 0.1 }).addTo(this.map);
    }, denied, { enableHighAccuracy: true, timeout: 15_000 });
  }
}

/** [data-spot="lat,lon"]: a small map that only shows; whoever cannot see it reads the place beside it. */
async function spot(box) {
  const at = box.dataset.spot.split(",").map(Number);
  const map = new LeafletMap(box, {
    attributionControl: false, zoomControl: false, keyboard: false, dragging: false, scrollWheelZoom: false, doubleClickZoom: false, boxZoom: false,
    touchZoom: false, zoomAnimation: false, center: at, zoom: 15,
  });
  const shapes = async (url, style) => {
    const response = await fetch(url, { credentials: "same-origin" }).catch(() => null);
    if (response && response.ok) geoJSON(await response.json(), { interactive: false, style }).addTo(map);
  };
  marker(at, { keyboard: false, interactive: false, icon: divIcon({ html: PIN, className: "pin-icon", iconSize: [36, 48], iconAnchor: [18, 48] }) }).addTo(map);
  if (box.dataset.districtsUrl) await shapes(box.dataset.districtsUrl, { color: "#196040", weight: 1.5, fillColor: "#e4f4ec", fillOpacity: 0.5 });
  if (box.dataset.streetsUrl) await shapes(box.dataset.streetsUrl, { color: "#7d7a72", weight: 2 });
}

for (const box of document.querySelectorAll("[data-spot]")) spot(box);
for (const box of document.querySelectorAll("[data-pin]")) new PinField(box);
