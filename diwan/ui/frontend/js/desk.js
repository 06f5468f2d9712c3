// Desk, counter and field: work by keyboard, the idle lock, documents beside the case, where the device stands.
import "./keys.js";
import "./entry.js";
import "./lock.js";
import "./documents.js";
import "./compare.js";
import "./player.js";
import "./position.js";
