"""Starting and stopping a whole installation on one machine. Imports neither Django nor anything of the product."""
