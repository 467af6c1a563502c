"""The effects of the table's rows: what an action does besides moving the status.

Each runs inside the transaction of `perform`, with the case row locked and its new
status set. One module a matter.
"""
