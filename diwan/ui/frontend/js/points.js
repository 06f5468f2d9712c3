// [data-points]: reports as points on a map drawn from our own shapes; the list on the page says the same.
import { Map as LeafletMap, circleMarker, control, geoJSON } from "leaflet";
import { text } from "./dom.js";

async function load(url) {
  try {
    const response = await fetch(url, { credentials: "same-origin" });
    if (response.ok) return await response.json();
  } catch { /* without an answer the list is there */ }
  return { type: "FeatureCollection", features: [] };
}

/** What a point is about, with the way to its page. */
function told({ properties }) {
  const link = document.createElement("a");
  link.href = properties.url;
  link.textContent = properties[document.documentElement.lang] || properties.ar;
  return link;
}

async function draw(box) {
  const map = new LeafletMap(box, {
    attributionControl: false, zoomControl: false, scrollWheelZoom: false, minZoom: 5, maxZoom: 18, center: [24.7, 46.7], zoom: 11,
    zoomAnimation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
  });
  control.zoom({ zoomInTitle: text("zoom_in"), zoomOutTitle: text("zoom_out"), position: document.documentElement.dir === "rtl" ? "topright" : "topleft" }).addTo(map);
  const [districts, points] = await Promise.all([load(box.dataset.districtsUrl), load(box.dataset.pointsUrl)]);
  const shapes = geoJSON(districts, { interactive: false, style: { color: "#196040", weight: 1, fillColor: "#e4f4ec", fillOpacity: 0.4 } }).addTo(map);
  const dots = geoJSON(points, {
    pointToLayer: ({ properties }, at) => circleMarker(at, {
      radius: 8, weight: 2, color: properties.open ? "#92400e" : "#114530", fillColor: properties.open ? "#f59e0b" : "#6ec598", fillOpacity: 0.85,
    }),
    onEachFeature: (feature, layer) => layer.bindPopup(told(feature)),
  }).addTo(map);
  const bounds = dots.getBounds().isValid() ? dots.getBounds() : shapes.getBounds();
  if (bounds.isValid()) map.fitBounds(bounds, { padding: [24, 24], maxZoom: 15 });
}

for (const box of document.querySelectorAll("[data-points]")) draw(box);
