"""Demo certification authority: root, issuing authority, OCSP, CRL, time stamps (RFC 3161); for demo and tests."""
