// Desk and counter: work by keyboard, the idle lock, documents beside the case.
import "./keys.js";
import "./entry.js";
import "./lock.js";
import "./documents.js";
