"""The figures of claims: counted by the day, summed by the month, shown and exported.

`measures` says what is counted, `booked` and `stages` count it, `roll_up` writes it down,
`job` does so by the clock, `figures` reads it for an area and `sheets` makes tables of it.
"""
