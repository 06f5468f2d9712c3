"""Password hashing with parameters chosen for long staff sessions on small machines."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class TunedArgon2(Argon2PasswordHasher):
    """Argon2id, 19 MiB, two passes, one lane: the OWASP minimum, about 25 ms of one core."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
