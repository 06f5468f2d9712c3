"""The file of a case or licence (ملف المعاملة): everything about it as one archive that proves itself."""
