"""Outside systems for demo and tests, each its own process over the real protocol.

Nothing here imports the product and the product imports nothing from here.
"""
