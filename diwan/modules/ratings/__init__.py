"""How people found a service: a link that works once, results, and somebody who looks into a low score."""
