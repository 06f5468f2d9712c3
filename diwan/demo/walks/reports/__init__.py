"""A year of reports to 940, told, sent, done, judged and closed by the actions of their own under a moved clock.

Scripts say who reports what, where and when; what becomes of a report follows from the rules of the product: its
contract, the sample, the verifiers. Nothing is written past the actions but photos, which all reports share.
"""
