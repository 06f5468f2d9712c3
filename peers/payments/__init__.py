"""A payment gateway in SADAD's shape: the bill is paid out of band at a bank, and a signed notice is the truth."""
