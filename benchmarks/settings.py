"""The product's settings with one more address: the empty view that the others are compared with."""

from diwan.project.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
