"""Trust from the first day, as a stranger would try it. What is held elsewhere, and where:

- who may see and do what: `tests/matrix`; headers, refusals and readings in the log: the same
- uploads sniffed, decoded, written anew: `tests/files/test_receive.py`
- papers served in a sandbox: `tests/files/test_serving.py`
- codes hashed, bound, counted before compared, also at once: `tests/people/test_proofs.py`
- an authenticator's code used twice, a new session key at sign-in, five wrong passwords: `tests/signin`
- a payment's notice (signature over body and time, window, id, amount, at once): `tests/integrations/test_payments.py`,
  `tests/integrations/test_signed.py`, `tests/payments/test_notices.py`
- the seal over the log, and every way to break it: `tests/audit`

Here: what only the pages add.
"""
