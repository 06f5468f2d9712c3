"""A partner's receiver of events: checks the signature, keeps and shows what came, is down or slow on request."""
