"""Tests of messages: texts, rows, sending, receipts."""
