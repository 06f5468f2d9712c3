"""Trying a service out with test people before it is in force. Beside `cases`, and knows nothing of them.

A run holds a version of a service, a test applicant, the answers, and the moves that were made: nothing else. Where it
stands is computed anew from these (`playing.play`) by the engine's pure core, so that a move is taken back by leaving
it out, and a changed text is tried with the same moves. No case, bill, message, document or indicator comes of it.
"""
