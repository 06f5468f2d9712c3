"""The process in which files from outside are decoded: `python -m diwan.files.examiner`.

Decoders of images and PDFs are the part of the product that strangers can attack directly, so they run here, with
limits on memory and time, without database, secrets or Django. One JSON job comes on standard input, one JSON answer
goes to standard output: `{"media_type", "private", "rewritten"}` or `{"refused": code, "params"}`.
"""

import json
import resource
import sys
from typing import Any

MEMORY_BYTES = 2 * 1024**3
CPU_SECONDS = 30
OUTPUT_BYTES = 128 * 1024**2


def confine() -> None:
    """Bound what a hostile file can cost."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_BYTES, OUTPUT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def examine(job: dict[str, Any]) -> dict[str, Any]:
    """Check `job["source"]` as `job["media_type"]`; an image is written anew to `job["target"]`."""
    if job["media_type"] == "application/pdf":
        from diwan.files import pdf_check  # one decoder a process: the other's libraries are not loaded

        return pdf_check.check(job["source"], max_pages=job["max_pages"])
    if job["media_type"].startswith("audio/"):
        from diwan.files import audio_check  # as above

        return audio_check.check(job["source"], media_type=job["media_type"], max_seconds=job["max_seconds"])
    from diwan.files import image_check  # as above

    return image_check.rewrite(job["source"], job["target"], media_type=job["media_type"])


def main() -> None:
    """Read the job, confine the process, answer."""
    job = json.load(sys.stdin)
    confine()
    try:
        answer = examine(job)
    except MemoryError:
        answer = {"refused": "files.damaged", "params": {}}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
