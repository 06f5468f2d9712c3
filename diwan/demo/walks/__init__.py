"""A year of cases, made by the engine's own actions under a moved clock.

Scripts say who applies for what, when, and what becomes of it; the walker lets each applicant, officer, inspector and
outside body act at their moment through the same actions that pages and jobs call. Nothing is written past the engine.
"""
