"""`python -m peers.authority.trust ROOT.pem DIR`: an NSS database that trusts one root, for `pdfsig -nssdir DIR`.

Calls libnss3 and libsmime3, on which pdfsig itself depends, so no other tool is needed. NSS keeps state for the whole
process: run this module as a process of its own.
"""

import ctypes
import sys
from pathlib import Path

VALID_CA, TRUSTED_CA = 1 << 3, 1 << 4


class _Trust(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint) for name in ("ssl", "email", "object_signing")]


def make_database(*, root_pem: bytes, folder: Path) -> None:
    """Create the database in `folder` and trust the root for mail and document signatures. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    nss, mime = ctypes.CDLL("libnss3.so"), ctypes.CDLL("libsmime3.so")
    mime.CERT_DecodeCertFromPackage.restype = ctypes.c_void_p
    for name in ("PK11_GetInternalKeySlot", "CERT_GetDefaultCertDB"):
        getattr(nss, name).restype = ctypes.c_void_p
    _check(nss.NSS_InitReadWrite(f"sql:{folder}".encode()), "open the database")
    slot = ctypes.c_void_p(nss.PK11_GetInternalKeySlot())
    if nss.PK11_NeedUserInit(slot):
        _check(nss.PK11_InitPin(slot, None, b""), "set an empty password")
    certificate = ctypes.c_void_p(mime.CERT_DecodeCertFromPackage(root_pem, len(root_pem)))
    if not certificate.value:
        raise OSError("the root certificate cannot be read")
    _check(nss.PK11_ImportCert(slot, certificate, ctypes.c_ulong(0), b"root", 0), "import the root")
    trust = _Trust(0, VALID_CA | TRUSTED_CA, 0)
    store = ctypes.c_void_p(nss.CERT_GetDefaultCertDB())
    _check(nss.CERT_ChangeCertTrust(store, certificate, ctypes.byref(trust)), "trust the root")
    nss.CERT_DestroyCertificate(certificate)
    nss.PK11_FreeSlot(slot)
    _check(nss.NSS_Shutdown(), "close the database")


def _check(result: int, doing: str) -> None:
    if result != 0:
        raise OSError(f"NSS could not {doing}")


if __name__ == "__main__":
    make_database(root_pem=Path(sys.argv[1]).read_bytes(), folder=Path(sys.argv[2]))
